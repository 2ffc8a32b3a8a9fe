package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.baseline.BaselineException.Reason;
import io.spectrawatch.flink.blob.TopicWriter;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for baselines to take effect: writes {@link Activate} records, which ingest copies into
 * every shard of the validated log.
 */
public final class BaselineActivator {

    private final Map<String, Object> client;
    private final String topicPrefix;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     */
    public BaselineActivator(Map<String, ?> client, String topicPrefix) {
        this.client = new HashMap<>(client);
        this.topicPrefix = topicPrefix;
    }

    /**
     * Writes a request as it is, without a look at the log's clock.
     *
     * @return its offset in the activation topic
     */
    public long request(Activate activate) throws IOException {
        String topic = Topics.ACTIVATION.topicName(topicPrefix);
        String key =
                Topics.inSegment(
                        Topics.key(activate.getModelId(), activate.getModelVersion()),
                        activate.getSegment());
        try (TopicWriter writer = new TopicWriter(client, topic)) {
            writer.send(key, activate);
            return writer.await();
        }
    }

    /** The request to judge a baseline's own model, or segment of it, by it. */
    public static Activate of(BaselineEntry baseline, long effectiveFrom, String requestedBy) {
        return new Activate(
                baseline.getModelId(),
                baseline.getModelVersion(),
                baseline.getBaselineId(),
                effectiveFrom,
                requestedBy,
                baseline.getSegment());
    }

    /**
     * Chooses from which pane a request takes effect: one that no shard can have begun, and not
     * before a request that already stands for the model.
     *
     * @param clock what the log's ticks say
     * @param last the model's last request, if any
     * @param earliest first pane that no shard can have begun
     * @param wished moment wished for, microseconds; null for as soon as possible
     * @return start of a pane, microseconds
     * @throws BaselineException if the moment wished for is too early
     */
    public static long effectiveFrom(
            LogClock clock, Optional<ActivationRequest> last, long earliest, Long wished)
            throws BaselineException {
        long pending =
                last.map(r -> clock.paneFrom(r.activate().getEffectiveFrom()))
                        .orElse(Long.MIN_VALUE);
        long least = Math.max(earliest, pending);
        if (wished == null) {
            return least;
        }
        long pane = clock.paneFrom(wished);
        if (pane < least) {
            throw new BaselineException(
                    Reason.NOT_ALLOWED,
                    "a baseline can take effect from "
                            + instant(least)
                            + " on, "
                            + (pending > earliest
                                    ? "where the model's last request does"
                                    : "the first pane that no shard can have begun")
                            + "; found "
                            + instant(pane));
        }
        return pane;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
