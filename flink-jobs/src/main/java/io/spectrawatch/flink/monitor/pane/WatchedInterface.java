package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import java.util.Arrays;

/**
 * An interface of a model from certificate to certificate.
 *
 * <pre>
 *   text   name, first layer, second layer
 *   bytes  alert state, in its own versioned form
 *   int32  1 if the baseline in force judges it, else 0
 *   text   attribution of the last certificate
 *   int64  end of that certificate's last pane, microseconds; the least value before the first
 * </pre>
 *
 * @param watched whether the baseline in force judges it; if not, nothing stands, and a baseline
 *     that judges it again begins the next epoch of its tests
 */
public record WatchedInterface(
        String name,
        String layerX,
        String layerY,
        AlertState alerts,
        boolean watched,
        Attribution attribution,
        long certifiedTo) {

    /** Least bytes of the binary form: five lengths, an int and a long. */
    static final int LEAST_BYTES = 6 * Integer.BYTES + Long.BYTES;

    /** Judged from now on, with nothing certified yet. */
    public static WatchedInterface start(
            ModelBaseline baseline, ModelInterface each, AlertState alerts) {
        return new WatchedInterface(
                each.name(),
                baseline.layers().get(each.x()).name(),
                baseline.layers().get(each.y()).name(),
                alerts,
                true,
                Attribution.NONE,
                Long.MIN_VALUE);
    }

    /** What moved, as far as it is known of panes after a moment. */
    public Attribution attributionAfter(long moment) {
        return certifiedTo > moment ? attribution : Attribution.NONE;
    }

    /** After a certificate. */
    public WatchedInterface after(AlertState next, Attribution found, long end) {
        return new WatchedInterface(name, layerX, layerY, next, watched, found, end);
    }

    /** Judged no longer. */
    public WatchedInterface suspended() {
        return new WatchedInterface(
                name, layerX, layerY, alerts, false, Attribution.NONE, Long.MIN_VALUE);
    }

    void write(ByteWriter out) {
        out.text(name).text(layerX).text(layerY).bytes(alerts.toBytes());
        out.int32(watched ? 1 : 0).text(attribution.name()).int64(certifiedTo);
    }

    static WatchedInterface read(ByteReader in) {
        String name = in.requiredText();
        String layerX = in.requiredText();
        String layerY = in.requiredText();
        AlertState alerts = alerts(in);
        int watched = in.int32();
        in.require(watched == 0 || watched == 1, "0 or 1 for watched", watched);
        String attribution = in.requiredText();
        in.require(
                Arrays.stream(Attribution.values()).anyMatch(a -> a.name().equals(attribution)),
                "a known attribution",
                attribution);
        return new WatchedInterface(
                name,
                layerX,
                layerY,
                alerts,
                watched == 1,
                Attribution.valueOf(attribution),
                in.int64());
    }

    private static AlertState alerts(ByteReader in) {
        try {
            return AlertState.fromBytes(in.bytes());
        } catch (CertificateFormatException e) {
            throw new IllegalStateException("watched interface: " + e.getMessage(), e);
        }
    }
}
