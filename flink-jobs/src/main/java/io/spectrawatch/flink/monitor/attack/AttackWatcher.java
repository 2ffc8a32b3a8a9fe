package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.pane.AttackStanding;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.detect.attack.AttackDecision;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.AttackState;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.PaneExceedances;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides pane by pane whether a model is under attack. A function of the panes alone; between them
 * everything lies in the state of the model's merge bucket.
 */
public final class AttackWatcher {

    private static final String ATTACK = "attack/";
    private static final String STANDING = "attack-standing/";

    /** A pane that the test does not see. */
    private static final PaneExceedances NOTHING = new PaneExceedances(0, 0, List.of());

    private final AttackOptions options;
    private final ChunkedState state;
    private final ReplayStart start;
    private final SurgeWatcher surges;
    private final TrailWatcher trails;

    /**
     * @param trails when clients search
     * @param start what was before the first pane
     * @param surges what open panes have shown
     */
    public AttackWatcher(
            AttackOptions options,
            TrailOptions trails,
            ChunkedState state,
            ReplayStart start,
            SurgeWatcher surges) {
        this.trails = new TrailWatcher(trails, state, start);
        this.options = options;
        this.state = state;
        this.start = start;
        this.surges = surges;
    }

    /** Where the alert of a model stood after its last closed pane. */
    public AttackStanding standing(ModelKey model) {
        try {
            byte[] stored = state.get(STANDING + key(model));
            return stored == null ? start.standing(model) : AttackStanding.fromBytes(stored);
        } catch (Exception e) {
            throw new IllegalStateException("the alerts of " + model + " cannot be read", e);
        }
    }

    /**
     * Takes a complete pane of a model; panes come in their order.
     *
     * @param scores by shard, maybe none
     */
    public void take(ClosedPane pane, SortedMap<Integer, ScoreSummary> scores, RecordSink out)
            throws Exception {
        if (pane.pane().start() < start.from()
                || pane.pane().start() < start.attackStart(pane.model())) {
            return;
        }
        OpenSurge surge = surges.close(pane.pane(), pane.model(), standing(pane.model()), out);
        if (pane.agreed()) {
            watch(pane, scores.values(), surge, out);
        }
    }

    private void watch(
            ClosedPane pane, Collection<ScoreSummary> scores, OpenSurge surge, RecordSink out)
            throws Exception {
        String name = ATTACK + key(pane.model());
        byte[] stored = state.get(name);
        AttackState before =
                stored == null ? start.attack(pane.model()) : AttackState.fromBytes(stored);
        boolean limited = !scores.isEmpty() && scores.stream().allMatch(ScoreSummary::limited);
        if (before == null && !limited) {
            return;
        }
        AttackStanding stood = standing(pane.model());
        String id = pane.baselineId();
        AttackState watched = before == null ? AttackState.start(id, options) : before;
        AttackStanding standing = stood;
        AttackRecords former =
                new AttackRecords(pane.pane(), pane.model(), watched.baselineId(), List.of());
        boolean superseded = !watched.baselineId().equals(orNone(id));
        if (superseded) {
            watched = superseded(watched, stood, pane, former, out);
            standing = AttackStanding.NONE;
        }
        AttackRecords records =
                new AttackRecords(pane.pane(), pane.model(), id, suspicious(scores));
        PaneExceedances counts = limited ? exceedances(scores) : NOTHING;
        AttackDecision decision = watched.observe(counts, options);
        standing =
                new StandingStep(records, options, surges.span(pane.pane()), pane.pane().start())
                        .take(standing, surge, watched, decision, counts, out);
        TrailWatcher.Step trail =
                trails.take(pane.model(), pane.pane(), scores, superseded, records, former, out);
        byte[] after = decision.state().toBytes();
        boolean moved = before == null || !Arrays.equals(before.toBytes(), after);
        if (moved || !standing.equals(stood) || trail.moved()) {
            long incomplete = scores.stream().mapToLong(ScoreSummary::incomplete).sum();
            out.send(
                    records.step(
                            before,
                            decision.state(),
                            standing,
                            counts,
                            findings(scores),
                            incomplete,
                            trail));
        }
        if (!Arrays.equals(stored, after)) {
            state.put(name, after);
        }
        state.put(STANDING + key(pane.model()), standing.toBytes());
    }

    /** Ends the alerts of a former baseline; without a new one its epoch is kept for the next. */
    private AttackState superseded(
            AttackState watched,
            AttackStanding stood,
            ClosedPane pane,
            AttackRecords records,
            RecordSink out) {
        if (stood.kind() != null) {
            out.send(records.superseded(null, stood.kind(), watched));
        }
        for (String client : watched.activeClients()) {
            if (!stood.heldBack().contains(client)) {
                out.send(records.superseded(client, stood.kind(), watched));
            }
        }
        return watched.rebase(orNone(pane.baselineId()), options);
    }

    /** How the state names that no baseline is in force. */
    private static String orNone(String baselineId) {
        return baselineId == null ? "" : baselineId;
    }

    private static Map<String, Long> findings(Collection<ScoreSummary> scores) {
        Map<String, Long> found = new TreeMap<>();
        for (ScoreSummary each : scores) {
            for (SampleVerdict.Kind kind : SampleVerdict.Kind.values()) {
                found.merge(kind.name(), each.found()[kind.ordinal()], Long::sum);
            }
        }
        return found;
    }

    private static List<RankedSample> suspicious(Collection<ScoreSummary> scores) {
        return RankedSample.merge(scores.stream().map(ScoreSummary::suspicious).toList());
    }

    private static PaneExceedances exceedances(Collection<ScoreSummary> scores) {
        long samples = 0;
        long exceedances = 0;
        ScoreSummary first = scores.iterator().next();
        boolean sameLimit = true;
        for (ScoreSummary each : scores) {
            samples += each.samples();
            exceedances += each.exceedances();
            sameLimit &= each.references() == first.references() && each.rank() == first.rank();
        }
        // Where a job of an earlier version counted part of the pane, its limit is not known.
        return new PaneExceedances(
                samples,
                exceedances,
                HeavyHitters.merge(
                        scores.stream().map(ScoreSummary::clients).toList(), Integer.MAX_VALUE),
                sameLimit ? first.references() : 0,
                sameLimit ? first.rank() : 0);
    }

    private static String key(ModelKey model) {
        return model.stateKey();
    }
}
