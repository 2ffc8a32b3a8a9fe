package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Where every interface stood, out of recorded certificates, each of which is decoded once.
 *
 * <p>Findings and manifests are dropped: what is kept is an alert state and a few texts per
 * interface, however many panes ask.
 */
final class RecordedStandings {

    /** Of one model, in the order of the certificates. */
    private static final class OfModel {
        private final List<Standing> all = new ArrayList<>();
        private final Map<String, Long> poolStarts = new HashMap<>();
    }

    private record Standing(String baselineId, WatchedInterface watched) {}

    private final Map<ModelKey, OfModel> byModel = new HashMap<>();

    /**
     * Decodes certificates.
     *
     * @param certificates per interface the last one whose pool ended before its next begins
     */
    RecordedStandings(List<byte[]> certificates, Function<byte[], InterfaceCertificate> decoder) {
        for (byte[] bytes : certificates) {
            InterfaceCertificate each = decoder.apply(bytes);
            ModelKey model =
                    new ModelKey(
                            each.getModelId(),
                            each.getModelVersion(),
                            each.getModelDigest(),
                            each.getSegment());
            OfModel own = byModel.computeIfAbsent(model, key -> new OfModel());
            own.all.add(new Standing(each.getBaselineId(), watched(each)));
            own.poolStarts.putIfAbsent(each.getInterfaceName(), each.getPaneEnd());
        }
    }

    /**
     * Start of the first pane of an interface's first pool, the least value where none is known.
     */
    long poolStart(ModelKey model, String interfaceName) {
        OfModel own = byModel.get(model);
        return own == null
                ? Long.MIN_VALUE
                : own.poolStarts.getOrDefault(interfaceName, Long.MIN_VALUE);
    }

    /** A model's interfaces as they stood; empty where no baseline had judged it. */
    ModelWatch watch(ModelKey model) {
        ModelWatch watch = new ModelWatch();
        OfModel own = byModel.get(model);
        if (own == null) {
            return watch;
        }
        long newest = Long.MIN_VALUE;
        for (Standing each : own.all) {
            if (each.watched.certifiedTo() >= newest) {
                newest = each.watched.certifiedTo();
                watch.judgedBy(each.baselineId);
            }
        }
        for (Standing each : own.all) {
            boolean judged = each.baselineId.equals(watch.baselineId());
            watch.put(judged ? each.watched : each.watched.suspended());
        }
        return watch;
    }

    private static WatchedInterface watched(InterfaceCertificate each) {
        Attribution attribution =
                each.getFindings() == null
                        ? Attribution.NONE
                        : Attribution.valueOf(each.getFindings().getAttribution());
        return new WatchedInterface(
                each.getInterfaceName(),
                each.getLayerX(),
                each.getLayerY(),
                AlertState.fromBytes(bytes(each.getAlertState())),
                true,
                attribution,
                each.getPaneEnd());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
