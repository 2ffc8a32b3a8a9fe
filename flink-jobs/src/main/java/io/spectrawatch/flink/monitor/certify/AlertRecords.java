package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.WatchedInterface;
import io.spectrawatch.flink.monitor.record.AlertIds;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.alert.AlertKind;
import java.util.Map;
import java.util.TreeMap;

/** Builds the records of alerts on interfaces. */
final class AlertRecords {

    /** Detector and its version. */
    static final String DETECTOR = "interface-certificate-1";

    private static final String RULE = "a rule, without a probability";

    private AlertRecords() {}

    /**
     * A transition that a certificate decided.
     *
     * @param pool the panes that decided
     * @param root what the chain of interfaces says about the cause; empty for nothing
     */
    static Alert of(
            io.spectrawatch.spectral.certificate.alert.AlertTransition transition,
            ModelKey model,
            InterfacePool pool,
            String root,
            Manifest manifest) {
        boolean raised = transition.raised();
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("baseline", pool.baselineId());
        evidence.put("interfaceBaseline", transition.baselineId());
        evidence.put("stateBefore", transition.stateBefore());
        evidence.put("stateAfter", transition.stateAfter());
        evidence.put("rows", Long.toString(pool.rows()));
        evidence.put("panes", Integer.toString(pool.panes()));
        if (transition.epoch() > 0) {
            evidence.put("epoch", Integer.toString(transition.epoch()));
        }
        InterfaceCertificate.Findings findings = transition.certificate().findings();
        if (findings != null) {
            evidence.put("driftScore", Double.toString(findings.driftScore()));
            evidence.put("spectrumScore", Double.toString(findings.spectrumScore()));
            evidence.put("escapeX", Double.toString(findings.escapeX()));
            evidence.put("escapeY", Double.toString(findings.escapeY()));
            evidence.put("attribution", findings.attribution().name());
        }
        Pane panes = new Pane(pool.start(), pool.last().end());
        return record(
                        transition.kind(),
                        raised,
                        model,
                        transition.interfaceName(),
                        panes,
                        pool.baselineId())
                .setGuarantee(raised ? transition.guarantee() : RULE)
                .setStatistic(exact(transition.kind().statistic(), transition.statistic()))
                .setThreshold(transition.threshold())
                .setText(root.isEmpty() ? transition.text() : transition.text() + "; " + root)
                .setEvidence(evidence)
                .setManifest(manifest)
                .build();
    }

    /**
     * The end of an alert whose baseline is in force no longer.
     *
     * @param pane the first complete pane without it
     * @param baselineId the former baseline
     */
    static Alert superseded(
            AlertKind kind, WatchedInterface each, ClosedPane pane, String baselineId) {
        String successor = pane.baselineId();
        String text =
                "interface "
                        + each.name()
                        + ": "
                        + kind
                        + " ends with its baseline "
                        + baselineId
                        + ", "
                        + (successor == null ? "none" : successor)
                        + " is in force now; nothing is said about the state";
        return record(kind, false, pane.model(), each.name(), pane.pane(), baselineId)
                .setGuarantee(RULE)
                .setText(text)
                .setEvidence(Map.of("baseline", baselineId, "stateBefore", each.alerts().digest()))
                .build();
    }

    private static Alert.Builder record(
            AlertKind kind,
            boolean raised,
            ModelKey model,
            String part,
            Pane pane,
            String baselineId) {
        AlertTransition transition = raised ? AlertTransition.RAISED : AlertTransition.RESOLVED;
        return Alert.newBuilder()
                .setId(
                        AlertIds.of(
                                model,
                                kind.name(),
                                model.model(),
                                model.version(),
                                part,
                                DETECTOR,
                                Long.toString(pane.start()),
                                Long.toString(pane.end()),
                                baselineId,
                                transition.name()))
                .setKind(kind.name())
                .setTransition(transition)
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setSegment(model.segment())
                .setPart(part)
                .setDetector(DETECTOR)
                .setPaneStart(pane.start())
                .setPaneEnd(pane.end());
    }

    private static Interval exact(String name, double value) {
        return Double.isFinite(value) ? new Interval(name, value, value, value) : null;
    }
}
