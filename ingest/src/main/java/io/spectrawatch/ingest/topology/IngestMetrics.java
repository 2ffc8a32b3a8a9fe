package io.spectrawatch.ingest.topology;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
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
final class IngestMetrics {

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
    private final Counter activations;
    private final Counter ticks;
    private final Gauge lowWaterMark;
    private final Gauge lastSnapshot;
    private final Gauge held;
    private final Counter hanging;

    IngestMetrics(CollectorRegistry registry, int maxModels) {
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
                                "Sequence numbers skipped by a captureId, rejected ones included;"
                                        + " late arrivals are not taken off.")
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
    void accepted(ActivationSnapshot snapshot, int size, long skipped, long appendedAt) {
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
        gaps.labels(model, version).inc(skipped);
        Gauge.Child last = lastSnapshot.labels(model, version);
        // Shards are behind one another; two threads may swap their values once, no more.
        last.set(Math.max(last.get(), appendedAt / MICROS_PER_SECOND));
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

    void activation(boolean copied) {
        activations.labels(copied ? "copied" : "undecodable").inc();
    }

    void tick(int shard, long time) {
        ticks.inc();
        lowWaterMark.labels(Integer.toString(shard)).set(time / MICROS_PER_SECOND);
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
    }
}
