package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.sequential.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Whether an open pane of a model holds overwhelming evidence that its traffic has changed.
 *
 * <pre>{@code
 * Surge surge = Surge.start(options);
 * surge = surge.observe(beat, counts);
 * if (surge.fired()) { ... StreamKind.of(surge.counts()) ... }
 * }</pre>
 *
 * <p>A sequential test (Shiryaev-Roberts by betting, see {@link Evidence}) of the shares of samples
 * beyond the calibration's limit, beat by beat and anew in every pane, so that what a pane says
 * follows from its own records. While the expected share of a beat, given the beats before, stays
 * at the tolerated one, the probability that the test of a pane of b beats fires is at most b times
 * its level; samples within a beat may depend on each other in any way. Immutable.
 */
public final class Surge {

    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int magic "SWSG" | int version = 1
     *   int bytes | test | long last beat
     *   long x 4 samples, exceedances, clients, clients exceeding
     * </pre>
     */
    private static final int MAGIC = 0x53575347;

    private static final int VERSION = 1;

    private static final BeatCounts NOTHING = new BeatCounts(0, 0, 0, 0);

    private final Evidence evidence;
    private final BeatCounts counts;
    private final long lastBeat;

    private Surge(Evidence evidence, BeatCounts counts, long lastBeat) {
        this.evidence = evidence;
        this.counts = counts;
        this.lastBeat = lastBeat;
    }

    /** Before the first beat of a pane. */
    public static Surge start(SurgeOptions options) {
        return new Surge(Evidence.start(options.test()), NOTHING, Long.MIN_VALUE);
    }

    /**
     * After one more beat; one that has fired stays as it was then.
     *
     * @param beat its number, above those before
     * @param seen its samples over all shards, and the pane's clients so far
     * @throws IllegalArgumentException if the beat is not above the last
     */
    public Surge observe(long beat, BeatCounts seen) {
        if (beat <= lastBeat) {
            throw new IllegalArgumentException(
                    "surge: a beat above " + lastBeat + " expected, found " + beat);
        }
        if (fired() || seen.samples() == 0) {
            return this;
        }
        BeatCounts sum =
                new BeatCounts(
                        Math.addExact(counts.samples(), seen.samples()),
                        Math.addExact(counts.exceedances(), seen.exceedances()),
                        seen.clients(),
                        seen.clientsExceeding());
        double share = (double) seen.exceedances() / seen.samples();
        return new Surge(evidence.observe(share), sum, beat);
    }

    /** Whether the evidence was overwhelming. */
    public boolean fired() {
        return evidence.alarmed();
    }

    /** The beat at which it fired, or the last one taken. */
    public long lastBeat() {
        return lastBeat;
    }

    /** The pane's samples up to that beat, and its clients. */
    public BeatCounts counts() {
        return counts;
    }

    /** Logarithm of the test's evidence. */
    public double logEvidence() {
        return evidence.logEvidence();
    }

    /** What it is compared with. */
    public double logThreshold() {
        return evidence.logThreshold();
    }

    /** The versioned binary form drawn beside the constants. */
    public byte[] toBytes() {
        byte[] test = evidence.toBytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(test.length);
            out.write(test);
            out.writeLong(lastBeat);
            out.writeLong(counts.samples());
            out.writeLong(counts.exceedances());
            out.writeLong(counts.clients());
            out.writeLong(counts.clientsExceeding());
        } catch (IOException e) {
            throw new UncheckedIOException("surge: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    public static Surge fromBytes(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            require("magic", in.readInt(), MAGIC);
            require("version", in.readInt(), VERSION);
            byte[] test = new byte[in.count("bytes of a test", 0, 1)];
            in.readFully(test);
            Evidence evidence = Evidence.fromBytes(test);
            long lastBeat = in.readLong();
            BeatCounts counts =
                    new BeatCounts(in.readLong(), in.readLong(), in.readLong(), in.readLong());
            in.end();
            boolean begun = lastBeat != Long.MIN_VALUE;
            if (begun != counts.samples() > 0 || begun != evidence.steps() > 0) {
                throw new IOException(
                        "a beat, samples and a step of the test or none of them expected, found "
                                + lastBeat
                                + ", "
                                + counts.samples()
                                + " and "
                                + evidence.steps());
            }
            return new Surge(evidence, counts, lastBeat);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "surge of " + bytes.length + " bytes: " + e.getMessage(), e);
        }
    }

    private static void require(String what, int found, int wanted) throws IOException {
        if (found != wanted) {
            throw new IOException(what + " " + wanted + " required, found " + found);
        }
    }
}
