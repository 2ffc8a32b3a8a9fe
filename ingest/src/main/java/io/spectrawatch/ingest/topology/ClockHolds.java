package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.clock.LowWaterMark;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once, and counts, when something outside keeps the clock of a shard from going on. */
final class ClockHolds {

    private static final Logger LOG = LoggerFactory.getLogger(ClockHolds.class);
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final IngestConfig config;
    private final int shard;
    private final IngestMetrics metrics;
    private boolean endOffsetsFailing;
    private boolean hanging;

    ClockHolds(IngestConfig config, int shard, IngestMetrics metrics) {
        this.config = config;
        this.shard = shard;
        this.metrics = metrics;
    }

    /**
     * @param failure of the newest question for the end offset, or null
     */
    void report(Throwable failure, LowWaterMark mark) {
        if (failure != null && !endOffsetsFailing) {
            LOG.warn(
                    "shard {}: the end offset is unknown; the clock of an idle shard waits",
                    shard,
                    failure);
        }
        endOffsetsFailing = failure != null;
        long held = mark.heldMicros();
        metrics.held(shard, held);
        boolean hangs = held > config.latenessMicros();
        if (hangs && !hanging) {
            metrics.hanging();
            LOG.warn(
                    "shard {}: a transaction open since offset {} of {} holds the clock for {} s"
                            + " now, and every pane with it; kafka-transactions.sh"
                            + " describe-producers names its producer, and it ends when it is"
                            + " committed or aborted, or by transaction.timeout.ms of its client",
                    shard,
                    mark.heldAt(),
                    Topics.ACTIVATIONS.topicName(config.topicPrefix()),
                    held / MICROS_PER_SECOND);
        }
        hanging = hangs;
    }
}
