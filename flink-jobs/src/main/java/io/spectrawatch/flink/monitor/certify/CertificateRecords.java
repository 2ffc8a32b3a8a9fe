package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.Pooling;
import io.spectrawatch.spectral.certificate.alert.AlertKind;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.sequential.Evidence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Builds the records of certificates. */
final class CertificateRecords {

    private CertificateRecords() {}

    /** Begins the record of an interface of a model; the caller adds panes, status and findings. */
    static InterfaceCertificate.Builder of(
            ModelKey model, String name, String layerX, String layerY) {
        return InterfaceCertificate.newBuilder()
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setModelDigest(model.digest())
                .setSegment(model.segment())
                .setInterfaceName(name)
                .setLayerX(layerX)
                .setLayerY(layerY)
                .setEvidence(List.of())
                .setActiveAlerts(List.of());
    }

    /** Adds a pool and what was found in it. */
    static InterfaceCertificate.Builder pool(
            InterfaceCertificate.Builder record,
            InterfacePool pool,
            InterfaceBaseline baseline,
            io.spectrawatch.spectral.certificate.InterfaceCertificate certificate,
            Manifest manifest) {
        record.setPaneStart(pool.start())
                .setPaneEnd(pool.last().end())
                .setPanes(pool.panes())
                .setRows(pool.rows())
                .setBaselineId(pool.baselineId())
                .setInterfaceBaselineId(baseline.id())
                .setStatus(CertificateStatus.valueOf(certificate.status().name()))
                .setReason(certificate.reason())
                .setManifest(manifest);
        return certificate.findings() == null
                ? record
                : record.setFindings(
                        FindingsRecords.of(
                                baseline,
                                certificate.findings(),
                                record.getLayerX(),
                                record.getLayerY()));
    }

    /** Adds what the sequential tests and alerts are after a pool. */
    static InterfaceCertificate.Builder alerts(
            InterfaceCertificate.Builder record,
            AlertState before,
            AlertState after,
            Pooling pooling) {
        return standing(record, after)
                .setStateBefore(before.digest())
                .setEvidence(
                        List.of(
                                evidence("drift", after.drift(), pooling.refusal()),
                                evidence("spectrum", after.spectrum(), pooling.spectrumRefusal())));
    }

    /** Adds the state of the alerts where a pane leaves it as it is. */
    static InterfaceCertificate.Builder standing(
            InterfaceCertificate.Builder record, AlertState alerts) {
        List<String> active = new ArrayList<>();
        for (AlertKind kind : AlertKind.values()) {
            if (alerts.active(kind)) {
                active.add(kind.name());
            }
        }
        return record.setStateBefore(alerts.digest())
                .setStateAfter(alerts.digest())
                .setAlertState(ByteBuffer.wrap(alerts.toBytes()))
                .setActiveAlerts(active);
    }

    private static TestEvidence evidence(String test, Evidence evidence, String refusal) {
        double log = evidence.logEvidence();
        return TestEvidence.newBuilder()
                .setTest(test)
                .setLogEvidence(Double.isFinite(log) ? log : null)
                .setLogThreshold(evidence.logThreshold())
                .setTolerance(evidence.options().tolerance())
                .setEpoch(evidence.epoch())
                .setSteps(evidence.steps())
                .setAlarmed(evidence.alarmed())
                .setRefusal(refusal)
                .build();
    }
}
