package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ScoreSummary.Unscored;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import java.util.Collection;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a subtask of the shard monitor counts. Nothing here reaches a sketch. */
final class ShardMetrics {

    private final Counter snapshots;
    private final Counter rows;
    private final Counter bytes;
    private final Counter panesClosed;
    private final Counter refused;
    private final Counter baselineWaits;
    private final Counter panesUncertified;
    private final Counter unpaired;
    private final Counter samplesScored;
    private final Counter snapshotsUnscored;
    private final Counter[] samplesUnscored = new Counter[Unscored.values().length];
    private final Counter samplesIncomplete;
    private final Counter sampleAlerts;
    private final Counter nearRequests;
    private final Counter steepPairs;
    private final Counter layersUnwatched;
    private volatile int openPanes;
    private volatile int models;
    private volatile long leftOut;
    private volatile long snapshotsUnwatched;
    private volatile long lowWaterMark = Long.MIN_VALUE;

    ShardMetrics(MetricGroup group) {
        MetricGroup own = group.addGroup("spectrawatch");
        snapshots = own.counter("snapshots");
        rows = own.counter("rows");
        bytes = own.counter("snapshotBytes");
        panesClosed = own.counter("panesClosed");
        refused = own.counter("refused");
        baselineWaits = own.counter("baselineWaits");
        panesUncertified = own.counter("panesUncertified");
        unpaired = own.counter("unpairedSnapshots");
        samplesScored = own.counter("samplesScored");
        snapshotsUnscored = own.counter("snapshotsUnscored");
        for (Unscored reason : Unscored.values()) {
            samplesUnscored[reason.ordinal()] =
                    own.addGroup("reason", reason.name()).counter("samplesUnscored");
        }
        samplesIncomplete = own.counter("samplesIncomplete");
        sampleAlerts = own.counter("suspiciousSamples");
        nearRequests = own.counter("samplesNearEarlier");
        steepPairs = own.counter("steepPairs");
        layersUnwatched = own.counter("paneLayersUnwatched");
        own.gauge("openPanes", () -> openPanes);
        own.gauge("models", () -> models);
        own.gauge("layersUnwatched", () -> leftOut);
        own.gauge("snapshotsUnwatched", () -> snapshotsUnwatched);
        own.gauge("lowWaterMarkMicros", () -> lowWaterMark);
    }

    void accepted(ActivationSnapshot snapshot, int valueBytes) {
        snapshots.inc();
        bytes.inc(valueBytes);
        for (Layer layer : snapshot.getLayers()) {
            rows.inc(layer.getRows());
        }
    }

    void closed(int panes) {
        panesClosed.inc(panes);
    }

    void refused() {
        refused.inc();
    }

    /** A baseline could not be had and is tried again. */
    void waited() {
        baselineWaits.inc();
    }

    /** A model's pane with a baseline was closed. */
    void judged(JudgementSummary judgement) {
        unpaired.inc(judgement.unpaired());
        if (judgement.refusal() != null) {
            panesUncertified.inc();
        }
    }

    /** A model's pane with a detector was closed. */
    void scored(ScoreSummary scores) {
        samplesScored.inc(scores.samples());
        snapshotsUnscored.inc(scores.unscored());
        for (Unscored reason : Unscored.values()) {
            samplesUnscored[reason.ordinal()].inc(scores.left()[reason.ordinal()]);
        }
        samplesIncomplete.inc(scores.incomplete());
        nearRequests.inc(scores.near());
        steepPairs.inc(scores.steep());
        for (long found : scores.found()) {
            sampleAlerts.inc(found);
        }
    }

    /** A pane with layers or a model that were not watched was closed. */
    void unwatched(UnwatchedSummary pane) {
        layersUnwatched.inc(pane.layers().size() + pane.further());
    }

    /** Sums over the shards of this subtask: panes open, and the least T; of models the most. */
    void observe(Collection<Shard> shards) {
        int open = 0;
        int places = 0;
        long layers = 0;
        long snapshots = 0;
        long least = Long.MAX_VALUE;
        for (Shard shard : shards) {
            open += shard.openPanes();
            places = Math.max(places, shard.models());
            layers += shard.layersLeftOut();
            snapshots += shard.snapshotsUnwatched();
            least = Math.min(least, shard.time());
        }
        openPanes = open;
        models = places;
        leftOut = layers;
        snapshotsUnwatched = snapshots;
        lowWaterMark = least;
    }
}
