package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.CertificateForm;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.EvidenceFormatException;
import java.util.Arrays;

/**
 * The state of an interface's alerts: two sequential tests and which alerts stand. Immutable; its
 * digest links panes into a hash chain, so that an audit can replay one step.
 */
public final class AlertState {
    /*
     * Serialised form, little-endian:
     *
     *   0  int32  magic "SWAS"
     *   4  uint8  version (1)
     *   5  text   baseline id (int32 byte count, UTF-8)
     *  ..  bytes  drift test, spectrum test (int32 byte count each)
     *  ..  for each alert kind by code: uint8 active, int32 calm panes
     *  end int32  CRC-32C of everything before
     */
    private static final int MAGIC = 0x53415753;
    private static final int VERSION = 1;

    private final String baselineId;
    private final Evidence drift;
    private final Evidence spectrum;
    private final Episode[] episodes;

    AlertState(String baselineId, Evidence drift, Evidence spectrum, Episode[] episodes) {
        this.baselineId = baselineId;
        this.drift = drift;
        this.spectrum = spectrum;
        this.episodes = episodes;
    }

    /** Returns the state before the first pane under a baseline. */
    public static AlertState start(InterfaceBaseline baseline, AlertOptions options) {
        return start(baseline, options, 1, 1);
    }

    /**
     * Returns the state before the first pane under a new baseline of the same interface: nothing
     * stands, and the tests go on with the next epoch, because earlier ones spent their share.
     */
    public AlertState rebase(InterfaceBaseline baseline, AlertOptions options) {
        return start(baseline, options, drift.epoch() + 1, spectrum.epoch() + 1);
    }

    private static AlertState start(
            InterfaceBaseline baseline, AlertOptions options, int driftEpoch, int spectrumEpoch) {
        CertificateOptions certificate = baseline.options();
        Episode[] quiet = new Episode[AlertKind.values().length];
        Arrays.fill(quiet, Episode.QUIET);
        return new AlertState(
                baseline.id(),
                Evidence.start(options.evidence(certificate.driftTolerance()), driftEpoch),
                Evidence.start(options.evidence(certificate.spectrumTolerance()), spectrumEpoch),
                quiet);
    }

    /** Returns the baseline this state belongs to. */
    public String baselineId() {
        return baselineId;
    }

    /** Returns the margin-consumption test. */
    public Evidence drift() {
        return drift;
    }

    /** Returns the spectrum test. */
    public Evidence spectrum() {
        return spectrum;
    }

    /** Returns whether an alert stands. */
    public boolean active(AlertKind kind) {
        return episode(kind).active();
    }

    /** Returns whether the same alerts stand, calm for as long, under the same baseline. */
    public boolean standsAs(AlertState other) {
        return baselineId.equals(other.baselineId) && Arrays.equals(episodes, other.episodes);
    }

    Episode episode(AlertKind kind) {
        return episodes[kind.code() - 1];
    }

    /** Returns the versioned binary form. */
    public byte[] toBytes() {
        ByteWriter out = CertificateForm.writer(MAGIC, VERSION).text(baselineId);
        out.bytes(drift.toBytes()).bytes(spectrum.toBytes());
        for (Episode episode : episodes) {
            out.flag(episode.active()).int32(episode.calm());
        }
        return out.toCheckedBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws CertificateFormatException if the bytes are anything else
     */
    public static AlertState fromBytes(byte[] bytes) {
        ByteReader in = CertificateForm.reader("alert state", bytes, MAGIC, VERSION).checked();
        String baselineId = in.requiredText();
        try {
            Evidence drift = Evidence.fromBytes(in.bytes());
            Evidence spectrum = Evidence.fromBytes(in.bytes());
            Episode[] episodes = new Episode[AlertKind.values().length];
            for (int i = 0; i < episodes.length; i++) {
                boolean active = in.flag();
                int most = active ? Integer.MAX_VALUE : 0;
                episodes[i] = new Episode(active, in.int32("calm panes", 0, most));
            }
            in.end();
            return new AlertState(baselineId, drift, spectrum, episodes);
        } catch (EvidenceFormatException e) {
            throw new CertificateFormatException("alert state bytes: " + e.getMessage());
        }
    }

    /** Returns the SHA-256 of the binary form in hex. */
    public String digest() {
        return Sha256.hex(toBytes());
    }
}
