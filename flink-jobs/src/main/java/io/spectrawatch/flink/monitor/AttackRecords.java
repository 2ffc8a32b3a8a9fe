package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.AttackOptions;
import io.spectrawatch.spectral.detect.AttackState;
import io.spectrawatch.spectral.detect.AttackTransition;
import io.spectrawatch.spectral.detect.PaneExceedances;
import io.spectrawatch.spectral.detect.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Builds the alerts about the samples of a whole pane of a model. */
final class AttackRecords {

    /** Detector and its version. */
    static final String DETECTOR = "exceedance-test-2";

    /** The alert about all traffic of a model. */
    static final String MODEL = "UNDER_ATTACK";

    /** The alert about one client of it. */
    static final String CLIENT = "CLIENT_UNDER_ATTACK";

    private static final String RULE = "a rule, without a probability";

    private final Pane pane;
    private final ModelKey model;
    private final String baselineId;

    AttackRecords(Pane pane, ModelKey model, String baselineId) {
        this.pane = pane;
        this.model = model;
        this.baselineId = baselineId;
    }

    /** An alert on the stream that a pane raised or resolved. */
    Alert of(
            AttackTransition transition,
            AttackState before,
            AttackState after,
            AttackOptions options) {
        Map<String, String> evidence = evidence(transition.client());
        evidence.put("samples", Long.toString(transition.samples()));
        evidence.put("exceedances", Long.toString(transition.exceedances()));
        evidence.put("toleratedShare", Double.toString(transition.tolerated()));
        evidence.put("epoch", Integer.toString(transition.epoch()));
        evidence.put("stateBefore", before.digest());
        evidence.put("stateAfter", after.digest());
        evidence.put("clientsStanding", Integer.toString(after.activeClients().size()));
        String guarantee =
                String.format(
                        Locale.ROOT,
                        "while samples%s are exchangeable with those of the calibrations, or in any"
                                + " way while the expected share of exceedances of a pane, given the"
                                + " panes before, stays at %.4g, the probability of any such alert"
                                + " ever is at most %s over all models and baselines, the error of"
                                + " the calibrations included",
                        transition.client() == null ? "" : " of this client",
                        transition.tolerated(),
                        options.alpha());
        double log = transition.logEvidence();
        return alert(transition.client(), transition.raised(), evidence)
                .setStatistic(new Interval("log evidence of the exceedance test", log, log, log))
                .setThreshold(transition.logThreshold())
                .setGuarantee(transition.raised() ? guarantee : RULE)
                .setText(text(transition))
                .build();
    }

    private static String text(AttackTransition transition) {
        String who = transition.client() == null ? "the model" : "client " + transition.client();
        if (!transition.raised()) {
            return who + ": the last panes were calm (no probability attached)";
        }
        return String.format(
                Locale.ROOT,
                "%s: %d of %d samples of the pane lie beyond what calibration lets %.3g %% pass, and"
                        + " panes before did too (log evidence %.3g at threshold %.3g, epoch %d)",
                who,
                transition.exceedances(),
                transition.samples(),
                100 * transition.tolerated(),
                transition.logEvidence(),
                transition.logThreshold(),
                transition.epoch());
    }

    /** The end of an alert whose baseline is in force no longer. */
    Alert superseded(String client, AttackState before) {
        Map<String, String> evidence = evidence(client);
        evidence.put("stateBefore", before.digest());
        evidence.put("clientsStanding", "0");
        return alert(client, false, evidence)
                .setGuarantee(RULE)
                .setText(
                        "ends with its baseline "
                                + baselineId
                                + ", which is in force no longer; nothing is said about the traffic")
                .build();
    }

    private Map<String, String> evidence(String client) {
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("baseline", baselineId);
        if (client != null) {
            evidence.put("client", client);
        }
        return evidence;
    }

    private Alert.Builder alert(String client, boolean raised, Map<String, String> evidence) {
        String kind = client == null ? MODEL : CLIENT;
        AlertTransition transition = raised ? AlertTransition.RAISED : AlertTransition.RESOLVED;
        return record(kind, transition, DETECTOR, client == null ? "" : client)
                .setEvidence(evidence);
    }

    /**
     * What a pane did to the test.
     *
     * @param before null where the test begins
     */
    AttackEvidence step(AttackState before, AttackState after, PaneExceedances counts) {
        return AttackEvidence.newBuilder()
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setModelDigest(model.digest())
                .setPaneStart(pane.start())
                .setPaneEnd(pane.end())
                .setBaselineId(baselineId)
                .setDetector(DETECTOR)
                .setSamples(counts.samples())
                .setExceedances(counts.exceedances())
                .setStateBefore(before == null ? null : before.digest())
                .setStateAfter(after.digest())
                .setState(ByteBuffer.wrap(after.toBytes()))
                .build();
    }

    static OutputRecord output(AttackEvidence step) {
        String key = Topics.key(step.getModelId(), step.getModelVersion());
        return new OutputRecord(
                Topics.SCORES,
                key.getBytes(StandardCharsets.UTF_8),
                Wire.encode(step),
                Math.floorDiv(step.getPaneEnd(), 1000L));
    }

    /** How many samples of a kind there were, where not all of them became alerts. */
    Alert summary(Verdict.Kind kind, long found, long shown, long samples) {
        Map<String, String> evidence = evidence(null);
        evidence.put("found", Long.toString(found));
        evidence.put("shown", Long.toString(shown));
        evidence.put("samples", Long.toString(samples));
        return record(kind.name(), AlertTransition.RESOLVED, SampleRecords.DETECTOR, "")
                .setStatistic(count("samples at or below the level", found))
                .setThreshold((double) shown)
                .setGuarantee("a count")
                .setText(
                        found
                                + " samples "
                                + kind.name()
                                + " of "
                                + samples
                                + " in the pane, of which "
                                + shown
                                + " were sent as alerts; the scores of all are published")
                .setEvidence(evidence)
                .build();
    }

    private static Interval count(String name, double value) {
        return new Interval(name, value, value, value);
    }

    private Alert.Builder record(
            String kind, AlertTransition transition, String detector, String subject) {
        return Alert.newBuilder()
                .setId(
                        AlertRecords.id(
                                kind,
                                model.model(),
                                model.version(),
                                detector,
                                subject,
                                Long.toString(pane.start()),
                                Long.toString(pane.end()),
                                baselineId,
                                transition.name()))
                .setKind(kind)
                .setTransition(transition)
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setDetector(detector)
                .setPaneStart(pane.start())
                .setPaneEnd(pane.end());
    }
}
