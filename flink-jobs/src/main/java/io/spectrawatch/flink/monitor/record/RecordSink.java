package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import org.apache.flink.util.Collector;

/** Sends what the merger finds as records, and counts it. */
public final class RecordSink {

    private final MergerMetrics metrics;
    private final Collector<OutputRecord> out;

    public RecordSink(MergerMetrics metrics, Collector<OutputRecord> out) {
        this.metrics = metrics;
        this.out = out;
    }

    public void send(InterfaceCertificate record) {
        metrics.certificate(record);
        String key =
                Topics.inSegment(
                        Topics.key(
                                record.getModelId(),
                                record.getModelVersion(),
                                record.getInterfaceName()),
                        record.getSegment());
        out.collect(OutputRecord.of(Topics.CERTIFICATES, key, record, record.getPaneEnd()));
    }

    public void send(AttackEvidence step) {
        String key = key(step.getModelId(), step.getModelVersion(), step.getSegment());
        out.collect(OutputRecord.of(Topics.SCORES, key, step, step.getPaneEnd()));
    }

    public void send(Alert alert) {
        metrics.alert(alert);
        out.collect(output(alert));
    }

    /** An alert as a record. */
    public static OutputRecord output(Alert alert) {
        String key = key(alert.getModelId(), alert.getModelVersion(), alert.getSegment());
        return OutputRecord.of(Topics.ALERTS, key, alert, alert.getPaneEnd());
    }

    private static String key(String model, String version, String segment) {
        return Topics.inSegment(Topics.key(model, version), segment);
    }
}
