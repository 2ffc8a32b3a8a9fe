package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.flink.monitor.pane.AttackStanding;
import io.spectrawatch.flink.monitor.record.AlertIds;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.AttackState;
import io.spectrawatch.spectral.detect.attack.AttackTransition;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import io.spectrawatch.spectral.detect.attack.PaneExceedances;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import io.spectrawatch.spectral.detect.attack.Surge;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.detect.attack.TrailState;
import io.spectrawatch.spectral.sequential.Horizon;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Builds the alerts about the samples of a whole pane of a model. */
public final class AttackRecords {

    /** Detector and its version. */
    static final String DETECTOR = "exceedance-test-2";

    /** The test that speaks before a pane ends, and its version. */
    static final String SURGE_DETECTOR = "surge-test-1";

    /** The alert about one client of it. */
    static final String CLIENT = "CLIENT_UNDER_ATTACK";

    /** The test on the close requests of a client, and its version. */
    static final String TRAIL_DETECTOR = "trail-test-1";

    /** The alert about a client whose requests are a trail. */
    static final String SEARCHING = "CLIENT_SEARCHING";

    private static final String TRAIL_GUARANTEE =
            "while each request of a client, given those before, lies nearer to one of its last ones"
                    + " than every pair of calibration with a probability of at most "
                    + TrailOptions.TOLERATED
                    + ", a model has at most the configured number of such alerts a day in"
                    + " expectation; a client that repeats itself with small changes breaks that";

    private static final String SURGE_GUARANTEE =
            "while the expected share of a beat's samples beyond the limit, given the beats before,"
                    + " stays at the tolerated one, a model has at most the configured number of such"
                    + " alerts a day in expectation; the name is a rule, without a probability";

    private static final String RULE = "a rule, without a probability";

    private final Pane pane;
    private final ModelKey model;
    private final String baselineId;
    private final List<RankedSample> suspicious;

    /**
     * @param suspicious samples that raised alerts may name, the most suspicious first
     */
    AttackRecords(Pane pane, ModelKey model, String baselineId, List<RankedSample> suspicious) {
        this.pane = pane;
        this.model = model;
        this.baselineId = baselineId;
        this.suspicious = suspicious;
    }

    /**
     * An alert on the stream that a pane raised or resolved.
     *
     * @param kind what an alert on all traffic is called
     * @param clientsStanding clients whose alert stands afterwards
     */
    Alert of(
            AttackTransition transition,
            StreamKind kind,
            AttackState before,
            AttackState after,
            int clientsStanding,
            AttackOptions options) {
        Map<String, String> evidence = evidence(transition.client());
        evidence.put("samples", Long.toString(transition.samples()));
        evidence.put("exceedances", Long.toString(transition.exceedances()));
        evidence.put("toleratedShare", Double.toString(transition.tolerated()));
        evidence.put("epoch", Integer.toString(transition.epoch()));
        evidence.put("stateBefore", before.digest());
        evidence.put("stateAfter", after.digest());
        evidence.put("clientsStanding", Integer.toString(clientsStanding));
        double log = transition.logEvidence();
        return alert(name(transition.client(), kind), transition.client(), transition.raised())
                .setEvidence(evidence)
                .setStatistic(new Interval("log evidence of the exceedance test", log, log, log))
                .setThreshold(transition.logThreshold())
                .setGuarantee(transition.raised() ? guarantee(transition, options) : RULE)
                .setText(text(transition))
                .setExamples(examples(transition.client(), transition.raised()))
                .build();
    }

    /** What a raised alert says about false ones: the tests over panes keep the job's horizon. */
    public static String guarantee(AttackTransition transition, AttackOptions options) {
        String assumed =
                String.format(
                        Locale.ROOT,
                        "while samples%s are exchangeable with those of the calibrations, or in"
                                + " any way while the expected share of exceedances of a pane,"
                                + " given the panes before, stays at %.4g, and no more models are"
                                + " watched than share alpha, ",
                        transition.client() == null ? "" : " of this client",
                        transition.tolerated());
        return assumed
                + (options.horizon() == Horizon.ANYTIME
                        ? "the probability of any such alert ever is at most "
                                + options.alpha()
                                + " over all models and baselines, the error of the calibrations"
                                + " included"
                        : "at least 1/("
                                + options.alpha()
                                + " - "
                                + options.delta()
                                + ") panes of each model are expected before such an alert, and"
                                + " some without cause do come; that a calibration breaks this has"
                                + " a probability of at most "
                                + options.delta()
                                + " over all models and baselines");
    }

    private static String text(AttackTransition transition) {
        String who = transition.client() == null ? "the model" : "client " + transition.client();
        if (!transition.raised()) {
            return who + ": the last panes were calm (no probability attached)";
        }
        return String.format(
                Locale.ROOT,
                "%s: %d of %d samples of the pane lie beyond what calibration lets %.3g %% pass,"
                        + " and panes before did too (log evidence %.3g at threshold %.3g, epoch %d)",
                who,
                transition.exceedances(),
                transition.samples(),
                100 * transition.tolerated(),
                transition.logEvidence(),
                transition.logThreshold(),
                transition.epoch());
    }

    /** An alert on all traffic raised while its pane is open. */
    Alert of(OpenSurge open) {
        Surge surge = open.surge();
        BeatCounts counts = surge.counts();
        Map<String, String> evidence = evidence(null);
        evidence.put("samples", Long.toString(counts.samples()));
        evidence.put("exceedances", Long.toString(counts.exceedances()));
        evidence.put("clients", Long.toString(counts.clients()));
        evidence.put("clientsExceeding", Long.toString(counts.clientsExceeding()));
        evidence.put("beat", Long.toString(surge.lastBeat()));
        double log = surge.logEvidence();
        return record(open.raised().name(), AlertTransition.RAISED, SURGE_DETECTOR, "")
                .setEvidence(evidence)
                .setStatistic(new Interval("log evidence of the surge test", log, log, log))
                .setThreshold(surge.logThreshold())
                .setGuarantee(SURGE_GUARANTEE)
                .setText(
                        String.format(
                                Locale.ROOT,
                                "%s: %d of the first %d samples of the pane lie beyond the"
                                        + " calibration's limit, %s (log evidence %.3g at threshold"
                                        + " %.3g)",
                                open.raised() == StreamKind.INPUT_SHIFT
                                        ? "the input has changed for nearly everyone"
                                        : "the model",
                                counts.exceedances(),
                                counts.samples(),
                                whose(counts),
                                log,
                                surge.logThreshold()))
                .setExamples(examples(null, true))
                .build();
    }

    /** The samples that an alert rests on, of a client or of all traffic. */
    private List<SampleExample> examples(String client, boolean raised) {
        return !raised
                ? List.of()
                : suspicious.stream()
                        .filter(each -> client == null || client.equals(each.counted()))
                        .map(RankedSample::sample)
                        .limit(RankedSample.MOST)
                        .toList();
    }

    private static String whose(BeatCounts counts) {
        return counts.clients() == 0
                ? "whose clients are not known"
                : counts.clientsExceeding()
                        + " of "
                        + counts.clients()
                        + " clients are beyond it with most of theirs";
    }

    /** The end of an alert on all traffic after panes without evidence for it. */
    Alert resolved(StreamKind kind) {
        return alert(kind.name(), null, false)
                .setEvidence(evidence(null))
                .setGuarantee(RULE)
                .setText("the model: the last panes were calm (no probability attached)")
                .build();
    }

    /** The alert on a client that was held back while nearly all clients were alike. */
    Alert late(String client, AttackState state, int clientsStanding) {
        Map<String, String> evidence = evidence(client);
        evidence.put("stateAfter", state.digest());
        evidence.put("clientsStanding", Integer.toString(clientsStanding));
        return alert(CLIENT, client, true)
                .setEvidence(evidence)
                .setGuarantee(RULE)
                .setText(
                        "client "
                                + client
                                + ": its samples went beyond the calibration's limit while those of"
                                + " nearly all clients did, and still do")
                .setExamples(examples(client, true))
                .build();
    }

    /** The end of an alert whose baseline is in force no longer. */
    Alert superseded(String client, StreamKind kind, AttackState before) {
        Map<String, String> evidence = evidence(client);
        evidence.put("stateBefore", before.digest());
        evidence.put("clientsStanding", "0");
        return alert(name(client, kind), client, false)
                .setEvidence(evidence)
                .setGuarantee(RULE)
                .setText(
                        "ends with its baseline "
                                + baselineId
                                + ", which is in force no longer; nothing is said about the"
                                + " traffic")
                .build();
    }

    /**
     * An alert on a client's trail raised or resolved.
     *
     * @param standing clients whose alert stands afterwards
     */
    Alert of(TrailState.Transition transition, int standing) {
        String client = transition.client();
        Map<String, String> evidence = evidence(client);
        evidence.put("clientsStanding", Integer.toString(standing));
        AlertTransition now =
                transition.raised() ? AlertTransition.RAISED : AlertTransition.RESOLVED;
        Alert.Builder alert = record(SEARCHING, now, TRAIL_DETECTOR, client);
        if (!transition.raised()) {
            return alert.setEvidence(evidence)
                    .setGuarantee(RULE)
                    .setText(
                            "client "
                                    + client
                                    + ": the last panes were calm (no probability attached)")
                    .build();
        }
        evidence.put("requests", Long.toString(transition.requests()));
        evidence.put("closeRequests", Long.toString(transition.close()));
        double log = transition.logEvidence();
        return alert.setEvidence(evidence)
                .setStatistic(new Interval("log evidence of the trail test", log, log, log))
                .setThreshold(transition.logThreshold())
                .setGuarantee(TRAIL_GUARANTEE)
                .setText(
                        String.format(
                                Locale.ROOT,
                                "client %s: %d of %d requests continue a trail of many, each nearer to"
                                        + " one before than any two inputs of the calibration, as"
                                        + " queries of a search do (log evidence %.3g at threshold"
                                        + " %.3g)",
                                client,
                                transition.close(),
                                transition.requests(),
                                log,
                                transition.logThreshold()))
                .setExamples(examples(client, true))
                .build();
    }

    /** The end of the alert on a client's trail that is not followed any more. */
    Alert trailSuperseded(String client) {
        Map<String, String> evidence = evidence(client);
        evidence.put("clientsStanding", "0");
        return record(SEARCHING, AlertTransition.RESOLVED, TRAIL_DETECTOR, client)
                .setEvidence(evidence)
                .setGuarantee(RULE)
                .setText(
                        "client "
                                + client
                                + ": ends with its baseline or with the test; nothing is said about"
                                + " its requests")
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

    private static String name(String client, StreamKind kind) {
        return client == null ? kind.name() : CLIENT;
    }

    private Alert.Builder alert(String kind, String client, boolean raised) {
        AlertTransition transition = raised ? AlertTransition.RAISED : AlertTransition.RESOLVED;
        return record(kind, transition, DETECTOR, client == null ? "" : client);
    }

    /**
     * What a pane did to the test.
     *
     * @param before null where the test begins
     * @param findings samples of the pane with a finding, by kind
     * @param incomplete samples of the pane that did not come to their end
     * @param trail what it did to the trails of clients
     */
    AttackEvidence step(
            AttackState before,
            AttackState after,
            AttackStanding standing,
            PaneExceedances counts,
            Map<String, Long> findings,
            long incomplete,
            TrailWatcher.Step trail) {
        return AttackEvidence.newBuilder()
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setSegment(model.segment())
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
                .setStanding(ByteBuffer.wrap(standing.toBytes()))
                .setFindings(findings)
                .setIncomplete(incomplete)
                .setTrails(trail.after() == null ? null : ByteBuffer.wrap(trail.after().toBytes()))
                .setTrailsBefore(trail.before() == null ? null : trail.before().digest())
                .build();
    }

    private Alert.Builder record(
            String kind, AlertTransition transition, String detector, String subject) {
        return Alert.newBuilder()
                .setId(
                        AlertIds.of(
                                model,
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
                .setSegment(model.segment())
                .setDetector(detector)
                .setPaneStart(pane.start())
                .setPaneEnd(pane.end());
    }
}
