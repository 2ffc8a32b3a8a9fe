package io.spectrawatch.ops.monitor;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.LoggedSnapshot;
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
import java.util.function.Consumer;
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
        try (TopicRange log = TopicRange.ofSnapshots(client, validated)) {
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

    /** The last record of the partition whose last one is stamped latest. */
    private <T extends SpecificRecord> Optional<T> newest(Topics topic, Class<T> type)
            throws IOException {
        try (TopicRange outputs = new TopicRange(client, topic.topicName(outputPrefix))) {
            Stamped<T> newest = null;
            for (int partition = 0; partition < outputs.partitions(); partition++) {
                Stamped<T> own = newest(outputs, partition, type);
                if (own != null && (newest == null || own.millis() > newest.millis())) {
                    newest = own;
                }
            }
            return Optional.ofNullable(newest).map(Stamped::value);
        }
    }

    /** A record and Kafka's stamp of it, its event time. */
    private record Stamped<T>(T value, long millis) {}

    private static <T extends SpecificRecord> Stamped<T> newest(
            TopicRange outputs, int partition, Class<T> type) throws IOException {
        long first = outputs.beginning(partition);
        long end = outputs.end(partition);
        while (end > first) {
            long from = Math.max(first, end - STRIDE);
            List<Stamped<T>> found = new ArrayList<>();
            outputs.read(
                    partition,
                    from,
                    end,
                    record ->
                            decode(
                                    record.value(),
                                    type,
                                    value -> found.add(new Stamped<>(value, record.timestamp()))));
            if (!found.isEmpty()) {
                return found.get(found.size() - 1);
            }
            end = from;
        }
        return null;
    }

    private static <T extends SpecificRecord> void decode(
            byte[] value, Class<T> type, Consumer<T> found) {
        if (value != null && Wire.isA(value, type.getName())) {
            try {
                found.accept(Wire.decode(value, type));
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
            boolean[] found = {false};
            log.read(
                    shard,
                    offset,
                    offset + 1,
                    record -> found[0] = isOne(record.value(), model, latest));
            return found[0];
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    private static boolean isOne(byte[] value, String model, long latest) {
        if (value == null) {
            return false;
        }
        try {
            SpecificRecord record = Wire.decode(value);
            LoggedSnapshot logged = LoggedSnapshot.of(record);
            // A verdict whose snapshot is gone.
            return record instanceof AcceptedSnapshot
                    || logged != null
                            && logged.snapshot().getModelId().equals(model)
                            && logged.countedAt() <= latest;
        } catch (WireException e) {
            // no record of a log
            return false;
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
