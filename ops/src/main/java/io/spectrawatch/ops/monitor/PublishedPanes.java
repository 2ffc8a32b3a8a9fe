package io.spectrawatch.ops.monitor;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a monitor's output topics already hold of a log. A job that began this log again would
 * publish all of it a second time.
 *
 * <p>A record is of the log if the snapshot stands there that its manifest names, or if the log has
 * let go of that offset. A log that was made anew has neither.
 */
public final class PublishedPanes {

    /** Offsets that are looked at together, from the end of a topic backwards. */
    private static final int STRIDE = 500;

    private final Map<String, ?> client;
    private final String validated;
    private final String outputPrefix;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix of the validated log
     * @param outputPrefix of the topics that are written
     */
    public PublishedPanes(Map<String, ?> client, String topicPrefix, String outputPrefix) {
        this.client = client;
        this.validated = Topics.VALIDATED.topicName(topicPrefix);
        this.outputPrefix = outputPrefix;
    }

    /**
     * The newest thing that was published of the log, in words; empty where there is nothing.
     *
     * @throws IOException if a topic cannot be read
     */
    public Optional<String> newest() throws IOException {
        try (TopicRange log = new TopicRange(client, validated)) {
            Optional<LayerSketch> sketch = newest(Topics.SKETCHES, LayerSketch.class);
            if (sketch.isPresent() && isOf(log, sketch.get())) {
                return Optional.of(describe(sketch.get()));
            }
            Optional<SampleScores> score = newest(Topics.SCORES, SampleScores.class);
            return score.filter(each -> isOf(log, each)).map(this::describe);
        } catch (UnreadableException e) {
            throw e.cause;
        }
    }

    /** The newest sketch, whatever log it is of; empty where there is none. */
    public Optional<LayerSketch> newestSketch() throws IOException {
        return newest(Topics.SKETCHES, LayerSketch.class);
    }

    private String describe(LayerSketch sketch) {
        return Topics.SKETCHES.topicName(outputPrefix)
                + " holds panes of it up to "
                + time(sketch.getPaneEnd())
                + " ("
                + sketch.getModelId()
                + "/"
                + sketch.getModelVersion()
                + ", layer "
                + sketch.getLayer()
                + ")";
    }

    private String describe(SampleScores score) {
        return Topics.SCORES.topicName(outputPrefix)
                + " holds scores of it, of shard "
                + score.getShard()
                + " up to offset "
                + score.getOffset();
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private <T extends SpecificRecord> Optional<T> newest(Topics topic, Class<T> type)
            throws IOException {
        try (TopicRange outputs = new TopicRange(client, topic.topicName(outputPrefix))) {
            long first = outputs.beginning(0);
            long end = outputs.end(0);
            while (end > first) {
                long from = Math.max(first, end - STRIDE);
                List<T> found = new ArrayList<>();
                outputs.read(0, from, end, record -> decode(record.value(), type, found));
                if (!found.isEmpty()) {
                    return Optional.of(found.get(found.size() - 1));
                }
                end = from;
            }
            return Optional.empty();
        }
    }

    private static <T extends SpecificRecord> void decode(
            byte[] value, Class<T> type, List<T> found) {
        if (value != null && Wire.isA(value, type.getName())) {
            try {
                found.add(Wire.decode(value, type));
            } catch (WireException e) {
                // not written by a monitor
            }
        }
    }

    private static boolean isOf(TopicRange log, LayerSketch sketch) {
        List<ShardInput> shards = sketch.getManifest().getShards();
        return shards.size() <= log.partitions()
                && shards.stream()
                        .filter(shard -> shard.getSnapshots() > 0)
                        .allMatch(
                                shard ->
                                        holds(
                                                log,
                                                shard.getShard(),
                                                shard.getLastOffset(),
                                                sketch.getModelId(),
                                                sketch.getPaneEnd() - 1));
    }

    private static boolean isOf(TopicRange log, SampleScores score) {
        return score.getShard() < log.partitions()
                && holds(
                        log,
                        score.getShard(),
                        score.getOffset(),
                        score.getModelId(),
                        score.getCapturedAt());
    }

    /** Whether the log holds a snapshot of the model there, no later, or held one once. */
    private static boolean holds(
            TopicRange log, int shard, long offset, String model, long latest) {
        try {
            if (shard >= log.partitions() || offset >= log.end(shard)) {
                return false;
            }
            if (offset < log.beginning(shard)) {
                return true;
            }
            List<ActivationSnapshot> found = new ArrayList<>();
            log.read(
                    shard,
                    offset,
                    offset + 1,
                    record -> decode(record.value(), ActivationSnapshot.class, found));
            return found.stream()
                    .anyMatch(
                            each ->
                                    each.getModelId().equals(model)
                                            && each.getCapturedAt() <= latest);
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    /** Carries the failure out of a stream. */
    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient IOException cause;

        UnreadableException(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
