package io.spectrawatch.ingest.topology;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.spectrawatch.ingest.check.CaptureWindow;
import io.spectrawatch.ingest.check.PartOrder;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RejectionReason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ingest's metrics; the only class of the package that knows how they are exported.
 *
 * <p>Counters count work done by this process: after a failure a transaction is repeated and
 * counted again.
 */
public final class IngestMetrics {

    /** Label value shared by model versions beyond the limit. */
    private static final String OVERFLOW = "overflow";

    private static final double MICROS_PER_SECOND = 1e6;

    private final int maxModels;
    private final Set<String> models = ConcurrentHashMap.newKeySet();

    private final Counter snapshots;
    private final Counter rows;
    private final Counter bytes;
    private final Counter rejected;
    private final Counter late;
    private final Counter gaps;
    private final Counter jumps;
    private final Counter partGaps;
    private final Counter overPanes;
    private final Counter evictedSamples;
    private final Counter activations;
    private final Counter ticks;
    private final Counter shardSnapshots;
    private final Counter shardBytes;
    private final Gauge shardCaptures;
    private final Gauge openSamples;
    private final Gauge lowWaterMark;
    private final Gauge lastSnapshot;
    private final Gauge held;
    private final Counter hanging;

    public IngestMetrics(CollectorRegistry registry, int maxModels) {
        this.maxModels = maxModels;
        this.snapshots =
                perModel("snapshots", "Snapshots accepted into the validated log.")
                        .register(registry);
        this.rows =
                perModel("rows", "Activation rows accepted, over all layers.").register(registry);
        this.bytes = perModel("bytes", "Bytes of accepted snapshots.").register(registry);
        this.gaps =
                perModel(
                                "gaps",
                                "Sequence numbers skipped by a captureId; refused ones are not,"
                                        + " and late arrivals are not taken off.")
                        .register(registry);
        this.jumps =
                Counter.build(
                                "spectrawatch_ingest_sequence_jumps_total",
                                "Snapshots more than "
                                        + CaptureWindow.PLAUSIBLE_GAP
                                        + " numbers ahead of the last of their captureId, which"
                                        + " are no gaps.")
                        .register(registry);
        this.rejected =
                Counter.build("spectrawatch_ingest_rejected_total", "Dead letters.")
                        .labelNames("reason")
                        .register(registry);
        for (RejectionReason reason : RejectionReason.values()) {
            rejected.labels(reason.name());
        }
        this.late =
                Counter.build(
                                "spectrawatch_ingest_late_total",
                                "Snapshots accepted into a later pane than that of their capture"
                                        + " time, which was closed.")
                        .register(registry);
        this.partGaps =
                Counter.build(
                                "spectrawatch_ingest_part_gaps_total",
                                "Parts accepted that are not the next of their sample, or whose"
                                        + " sample is not remembered.")
                        .register(registry);
        this.overPanes =
                Counter.build(
                                "spectrawatch_ingest_samples_over_panes_total",
                                "Samples of which a part counts in another pane than the first.")
                        .register(registry);
        this.evictedSamples =
                Counter.build(
                                "spectrawatch_ingest_open_samples_evicted_total",
                                "Samples forgotten before their pane closed, because a shard"
                                        + " remembers so many.")
                        .register(registry);
        this.activations =
                Counter.build(
                                "spectrawatch_ingest_activations_total",
                                "Activations copied into a shard, or skipped as undecodable.")
                        .labelNames("outcome")
                        .register(registry);
        this.ticks =
                Counter.build(
                                "spectrawatch_ingest_ticks_total",
                                "Ticks written into the validated log.")
                        .register(registry);
        this.shardSnapshots =
                Counter.build(
                                "spectrawatch_ingest_shard_snapshots_total",
                                "Snapshots accepted on a shard, of all models.")
                        .labelNames("shard")
                        .register(registry);
        this.shardBytes =
                Counter.build(
                                "spectrawatch_ingest_shard_bytes_total",
                                "Bytes of snapshots accepted on a shard.")
                        .labelNames("shard")
                        .register(registry);
        this.shardCaptures =
                Gauge.build(
                                "spectrawatch_ingest_shard_captures",
                                "captureIds the shard remembers; one stays on one shard.")
                        .labelNames("shard")
                        .register(registry);
        this.openSamples =
                Gauge.build(
                                "spectrawatch_ingest_open_samples",
                                "Samples of several parts that the shard remembered at its last"
                                        + " tick; they leave with their pane.")
                        .labelNames("shard")
                        .register(registry);
        this.lowWaterMark =
                Gauge.build(
                                "spectrawatch_ingest_low_water_mark_seconds",
                                "Time of the shard's last tick, seconds since the epoch.")
                        .labelNames("shard")
                        .register(registry);
        this.held =
                Gauge.build(
                                "spectrawatch_ingest_transaction_held_seconds",
                                "How long an open transaction of a client has kept the shard's"
                                        + " clock from going on, and all panes with it; 0 for"
                                        + " none.")
                        .labelNames("shard")
                        .register(registry);
        this.hanging =
                Counter.build(
                                "spectrawatch_ingest_hanging_transactions_total",
                                "Transactions that held a shard's clock for longer than the"
                                        + " lateness.")
                        .register(registry);
        this.lastSnapshot =
                Gauge.build(
                                "spectrawatch_ingest_last_snapshot_timestamp_seconds",
                                "Append time of the newest accepted snapshot, seconds since the"
                                        + " epoch.")
                        .labelNames("model", "version")
                        .register(registry);
    }

    private static Counter.Builder perModel(String what, String help) {
        return Counter.build("spectrawatch_ingest_" + what + "_total", help)
                .labelNames("model", "version");
    }

    /**
     * @param appendedAt microseconds since the epoch
     */
    void accepted(ActivationSnapshot snapshot, int size, long appendedAt) {
        String model = snapshot.getModelId();
        String version = snapshot.getModelVersion();
        if (!admit(model + '\0' + version)) {
            model = OVERFLOW;
            version = OVERFLOW;
        }
        long rowCount = 0;
        for (Layer layer : snapshot.getLayers()) {
            rowCount += layer.getRows();
        }
        snapshots.labels(model, version).inc();
        rows.labels(model, version).inc(rowCount);
        bytes.labels(model, version).inc(size);
        gaps.labels(model, version).inc(0);
        Gauge.Child last = lastSnapshot.labels(model, version);
        // Shards are behind one another; two threads may swap their values once, no more.
        last.set(Math.max(last.get(), appendedAt / MICROS_PER_SECOND));
    }

    /** The same by shard, which tells how evenly clients spread. */
    void accepted(int shard, int size, int captures) {
        String label = Integer.toString(shard);
        shardSnapshots.labels(label).inc();
        shardBytes.labels(label).inc(size);
        shardCaptures.labels(label).set(captures);
    }

    /**
     * Sequence numbers were skipped before a snapshot, accepted or not. One that was refused brings
     * no series of its own.
     */
    void skipped(ActivationSnapshot snapshot, long count) {
        if (count > CaptureWindow.PLAUSIBLE_GAP) {
            jumps.inc();
        } else if (count > 0) {
            String model = snapshot.getModelId();
            String version = snapshot.getModelVersion();
            boolean known = models.contains(model + '\0' + version);
            gaps.labels(known ? model : OVERFLOW, known ? version : OVERFLOW).inc(count);
        }
    }

    private boolean admit(String model) {
        if (models.contains(model)) {
            return true;
        }
        // Two threads may overshoot the limit by one series each, which does no harm.
        return models.size() < maxModels && models.add(model);
    }

    void rejected(RejectionReason reason) {
        rejected.labels(reason.name()).inc();
    }

    /** A snapshot is taken into a later pane. */
    void late() {
        late.inc();
    }

    /** What the parts of an accepted snapshot showed. */
    void parts(PartOrder.Found found) {
        partGaps.inc(found.gaps());
        overPanes.inc(found.overPanes());
        evictedSamples.inc(found.evicted());
    }

    void activation(boolean copied) {
        activations.labels(copied ? "copied" : "undecodable").inc();
    }

    /**
     * @param time of the tick, microseconds
     * @param samples of several parts that the shard remembers
     */
    void tick(int shard, long time, int samples) {
        String label = Integer.toString(shard);
        ticks.inc();
        // A shard that gets nothing has to show up beside those that do.
        shardSnapshots.labels(label).inc(0);
        shardBytes.labels(label).inc(0);
        openSamples.labels(label).set(samples);
        lowWaterMark.labels(label).set(time / MICROS_PER_SECOND);
    }

    /**
     * @param micros how long an open transaction has held the shard
     */
    void held(int shard, long micros) {
        held.labels(Integer.toString(shard)).set(micros / MICROS_PER_SECOND);
    }

    /** A transaction has held a shard for longer than panes wait. */
    void hanging() {
        hanging.inc();
    }

    /** Forgets a shard that has moved to another instance. */
    void shardLeft(int shard) {
        lowWaterMark.remove(Integer.toString(shard));
        held.remove(Integer.toString(shard));
        shardCaptures.remove(Integer.toString(shard));
        openSamples.remove(Integer.toString(shard));
    }
}
