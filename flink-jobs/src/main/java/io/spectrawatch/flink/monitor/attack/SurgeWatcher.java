package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.pane.AttackStanding;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Raises an alert while a pane is still open, once all shards have told a beat that makes the
 * evidence overwhelming; a function of the beats alone.
 *
 * <p>A surge is part of the alert of a former one of the same model that came no later and whose
 * pane lies less than the calm panes before it.
 */
public final class SurgeWatcher {

    private final SurgeOptions options;
    private final SurgeState state;
    private final ReplayStart start;

    public SurgeWatcher(SurgeOptions options, SurgeState state, ReplayStart start) {
        this.options = options;
        this.state = state;
        this.start = start;
    }

    /** Panes without a surge after which its alert is over, as a span of time. */
    long span(Pane pane) {
        return Math.multiplyExact((long) options.calmPanes(), pane.end() - pane.start());
    }

    public void take(BeatSummary beat) throws Exception {
        if (beat.pane().start() < Math.max(start.from(), start.attackStart(beat.model()))) {
            return;
        }
        ModelSurges own = state.of(beat.model());
        if (own.of(beat.pane()) == null) {
            own.add(OpenSurge.open(beat, options));
        }
        own.of(beat.pane()).add(beat);
        state.put(own);
    }

    /**
     * Notes that a shard has told its beats.
     *
     * @param standing where a model's alert stood after its last closed pane
     */
    public void take(ShardBeat mark, Function<ModelKey, AttackStanding> standing, RecordSink out)
            throws Exception {
        SurgeBeats beats = state.beats();
        long before = beats.complete();
        beats.take(mark.shard(), mark.beat());
        state.put(beats);
        if (beats.complete() > before) {
            settleAll(beats.complete(), standing, out);
        }
    }

    /** Panes in their order, and the models of each in theirs. */
    private void settleAll(
            long through, Function<ModelKey, AttackStanding> standing, RecordSink out)
            throws Exception {
        TreeMap<Pane, TreeMap<ModelKey, ModelSurges>> due = new TreeMap<>();
        for (ModelSurges own : state.all()) {
            for (OpenSurge each : own.open()) {
                if (each.waitsFor(through)) {
                    due.computeIfAbsent(each.pane(), p -> new TreeMap<>()).put(own.model(), own);
                }
            }
        }
        for (Map.Entry<Pane, TreeMap<ModelKey, ModelSurges>> pane : due.entrySet()) {
            for (ModelSurges own : pane.getValue().values()) {
                OpenSurge each = own.of(pane.getKey());
                settle(each, through, own, standing.apply(own.model()), out);
                state.put(own);
            }
        }
    }

    /** Takes a pane that all shards have closed; null if no beat told of it. */
    OpenSurge close(Pane pane, ModelKey model, AttackStanding standing, RecordSink out)
            throws Exception {
        ModelSurges own = state.of(model);
        OpenSurge closing = own.of(pane);
        if (closing != null) {
            settle(closing, Long.MAX_VALUE, own, standing, out);
            own.remove(pane);
            state.put(own);
        }
        return closing;
    }

    private void settle(
            OpenSurge each,
            long through,
            ModelSurges own,
            AttackStanding standing,
            RecordSink out) {
        if (each.take(through) && !isPartOfAFormer(each, own, standing)) {
            each.raise();
            AttackRecords records =
                    new AttackRecords(
                            each.pane(), each.model(), each.baselineId(), each.suspicious());
            out.send(records.of(each));
        }
    }

    private boolean isPartOfAFormer(OpenSurge each, ModelSurges own, AttackStanding standing) {
        List<AttackStanding.Fired> former = new ArrayList<>(standing.surges());
        for (OpenSurge other : own.open()) {
            if (other.fired()) {
                former.add(
                        new AttackStanding.Fired(other.pane().start(), other.surge().lastBeat()));
            }
        }
        return former.stream()
                .anyMatch(
                        other ->
                                other.paneStart() < each.pane().start()
                                        && each.pane().start() - other.paneStart()
                                                < span(each.pane())
                                        && other.beat() <= each.surge().lastBeat());
    }
}
