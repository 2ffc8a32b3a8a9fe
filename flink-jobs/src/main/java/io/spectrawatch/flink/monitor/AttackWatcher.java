package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.detect.AttackDecision;
import io.spectrawatch.spectral.detect.AttackOptions;
import io.spectrawatch.spectral.detect.AttackState;
import io.spectrawatch.spectral.detect.AttackTransition;
import io.spectrawatch.spectral.detect.HeavyHitters;
import io.spectrawatch.spectral.detect.PaneExceedances;
import io.spectrawatch.spectral.detect.Verdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * Decides pane by pane whether a model is under attack, and says what the rate limit of sample
 * alerts left out. A function of the panes alone; between them everything lies in the state of the
 * model's merge bucket.
 */
final class AttackWatcher {

    private static final String ATTACK = "attack/";

    /** A pane that the test does not see. */
    private static final PaneExceedances NOTHING = new PaneExceedances(0, 0, List.of());

    private final AttackOptions options;
    private final ChunkedState state;
    private final ReplayStart start;

    /**
     * @param start what was before the first pane
     */
    AttackWatcher(AttackOptions options, ChunkedState state, ReplayStart start) {
        this.options = options;
        this.state = state;
        this.start = start;
    }

    /**
     * Takes a complete pane of a model; panes come in their order.
     *
     * @param scores by shard, maybe none
     */
    void take(PaneOfModel pane, SortedMap<Integer, PaneScores> scores, CertificateOutput out)
            throws Exception {
        if (pane.pane().start() < start.from()) {
            return;
        }
        summarise(pane, scores.values(), out);
        if (pane.agreed() && pane.pane().start() >= start.attackStart(pane.model())) {
            watch(pane, scores.values(), out);
        }
    }

    private static void summarise(
            PaneOfModel pane, Collection<PaneScores> scores, CertificateOutput out) {
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            long found = 0;
            long shown = 0;
            long samples = 0;
            for (PaneScores each : scores) {
                found += each.found()[kind.ordinal()];
                shown += each.shown()[kind.ordinal()];
                samples += each.samples();
            }
            if (found > shown) {
                AttackRecords records =
                        new AttackRecords(pane.pane(), pane.model(), pane.baselineId());
                out.send(records.summary(kind, found, shown, samples));
            }
        }
    }

    private void watch(PaneOfModel pane, Collection<PaneScores> scores, CertificateOutput out)
            throws Exception {
        String name = ATTACK + key(pane.model());
        byte[] stored = state.get(name);
        AttackState before =
                stored == null ? start.attack(pane.model()) : AttackState.fromBytes(stored);
        boolean limited = !scores.isEmpty() && scores.stream().allMatch(PaneScores::limited);
        if (before == null && !limited) {
            return;
        }
        String id = pane.baselineId();
        AttackState watched = before == null ? AttackState.start(id, options) : before;
        if (!watched.baselineId().equals(orNone(id))) {
            watched = superseded(watched, pane, out);
        }
        AttackRecords records = new AttackRecords(pane.pane(), pane.model(), id);
        PaneExceedances counts = limited ? exceedances(scores) : NOTHING;
        AttackDecision decision = watched.observe(counts, options);
        for (AttackTransition each : decision.transitions()) {
            out.send(records.of(each, watched, decision.state(), options));
        }
        byte[] after = decision.state().toBytes();
        if (before == null || !Arrays.equals(before.toBytes(), after)) {
            out.send(records.step(before, decision.state(), counts));
        }
        if (!Arrays.equals(stored, after)) {
            state.put(name, after);
        }
    }

    /** Ends the alerts of a former baseline; without a new one its epoch is kept for the next. */
    private AttackState superseded(AttackState watched, PaneOfModel pane, CertificateOutput out) {
        AttackRecords records = new AttackRecords(pane.pane(), pane.model(), watched.baselineId());
        if (watched.active()) {
            out.send(records.superseded(null, watched));
        }
        for (String client : watched.activeClients()) {
            out.send(records.superseded(client, watched));
        }
        return watched.rebase(orNone(pane.baselineId()), options);
    }

    /** How the state names that no baseline is in force. */
    private static String orNone(String baselineId) {
        return baselineId == null ? "" : baselineId;
    }

    private static PaneExceedances exceedances(Collection<PaneScores> scores) {
        long samples = 0;
        long exceedances = 0;
        PaneScores first = scores.iterator().next();
        boolean sameLimit = true;
        for (PaneScores each : scores) {
            samples += each.samples();
            exceedances += each.exceedances();
            sameLimit &= each.references() == first.references() && each.rank() == first.rank();
        }
        // Where a job of an earlier version counted part of the pane, its limit is not known.
        return new PaneExceedances(
                samples,
                exceedances,
                HeavyHitters.merge(
                        scores.stream().map(PaneScores::clients).toList(), Integer.MAX_VALUE),
                sameLimit ? first.references() : 0,
                sameLimit ? first.rank() : 0);
    }

    private static String key(ModelKey model) {
        return Topics.key(model.model(), model.version(), model.digest());
    }
}
