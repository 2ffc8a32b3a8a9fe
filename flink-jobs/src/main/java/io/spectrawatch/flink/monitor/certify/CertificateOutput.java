package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.WatchedInterface;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.alert.AlertKind;
import io.spectrawatch.spectral.certificate.alert.AlertTransition;
import java.util.List;

/** Says as records what the certifier found. */
public final class CertificateOutput {

    private final SubtaskKernels tools;
    private final RecordSink sink;

    public CertificateOutput(SubtaskKernels tools, RecordSink sink) {
        this.tools = tools;
        this.sink = sink;
    }

    /** A full pool and what was found in it. */
    void certified(
            ModelKey model,
            InterfaceBaseline baseline,
            Certifier.Complete complete,
            WatchedInterface before,
            WatchedInterface after) {
        InterfaceCertificate.Builder record =
                CertificateRecords.of(model, before.name(), before.layerX(), before.layerY());
        InterfacePool pool = complete.pool();
        CertificateRecords.pool(record, pool, baseline, complete.certificate(), manifest(pool));
        CertificateRecords.alerts(record, before.alerts(), after.alerts(), baseline.pooling());
        sink.send(record.build());
    }

    /** The alerts that a certificate raised or resolved. */
    void transitions(
            ModelKey model, InterfacePool pool, List<AlertTransition> transitions, String root) {
        for (AlertTransition each : transitions) {
            sink.send(
                    AlertRecords.of(each, model, pool, each.raised() ? root : "", manifest(pool)));
        }
    }

    /**
     * Says that nothing can be said.
     *
     * @param each where the interface's alerts stand, null where it was never judged
     * @param inputs what entered the panes concerned
     */
    void refused(
            String reason,
            ModelKey model,
            String name,
            WatchedInterface each,
            InterfacePool inputs) {
        InterfaceCertificate.Builder record =
                CertificateRecords.of(
                        model,
                        name,
                        each == null ? "" : each.layerX(),
                        each == null ? "" : each.layerY());
        record.setPaneStart(inputs.start())
                .setPaneEnd(inputs.last().end())
                .setPanes(inputs.panes())
                .setRows(inputs.rows())
                .setBaselineId(inputs.baselineId())
                .setStatus(CertificateStatus.REFUSED)
                .setReason(reason)
                .setManifest(manifest(inputs));
        if (each != null) {
            record.setInterfaceBaselineId(each.alerts().baselineId());
            CertificateRecords.standing(record, each.alerts());
        }
        sink.send(record.build());
    }

    /** Ends the alerts that stand, because their baseline is in force no longer. */
    void superseded(WatchedInterface each, ClosedPane pane, String baselineId) {
        for (AlertKind kind : AlertKind.values()) {
            if (each.watched() && each.alerts().active(kind)) {
                sink.send(AlertRecords.superseded(kind, each, pane, baselineId));
            }
        }
    }

    private Manifest manifest(InterfacePool pool) {
        return pool.manifest(tools.kernels().description(), tools.settings());
    }
}
