package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.flink.log.SourceOffsets;
import io.spectrawatch.schemas.OffsetRange;
import io.spectrawatch.spectral.baseline.Provenance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The part of the validated log that a calibration reads, pinned once by offsets so that both
 * stages, and anyone after them, read the same records.
 *
 * @param starts first offset of each shard
 * @param ends offset after the last of each shard
 */
public record PinnedRange(List<Long> starts, List<Long> ends) {

    private static final int ANSWER_SECONDS = 30;

    /** Copies the lists. */
    public PinnedRange {
        starts = List.copyOf(starts);
        ends = List.copyOf(ends);
    }

    /** Records at most: markers of transactions count too. */
    long length() {
        return IntStream.range(0, starts.size())
                .mapToLong(shard -> ends.get(shard) - starts.get(shard))
                .sum();
    }

    /** As a baseline's provenance names them; shards without records are left out. */
    public List<Provenance.ShardRange> shardRanges() {
        return IntStream.range(0, starts.size())
                .filter(shard -> starts.get(shard) < ends.get(shard))
                .mapToObj(
                        shard ->
                                new Provenance.ShardRange(
                                        shard, starts.get(shard), ends.get(shard) - 1))
                .toList();
    }

    /** As a baseline's entry names them, one per shard. */
    public List<OffsetRange> offsetRanges() {
        return IntStream.range(0, starts.size())
                .mapToObj(
                        shard ->
                                starts.get(shard) < ends.get(shard)
                                        ? new OffsetRange(
                                                shard, starts.get(shard), ends.get(shard) - 1)
                                        : new OffsetRange(shard, -1L, -1L))
                .toList();
    }

    public SourceOffsets start() {
        return SourceOffsets.parseStart(CalibrateDefinition.OFFSETS_START.key(), startText());
    }

    public SourceOffsets end() {
        return SourceOffsets.parseEnd(CalibrateDefinition.OFFSETS_END.key(), endText());
    }

    /** The first offsets as the settings name them: partition:offset, separated by commas. */
    public String startText() {
        return text(starts);
    }

    /** The ends likewise. */
    public String endText() {
        return text(ends);
    }

    private static String text(List<Long> offsets) {
        return IntStream.range(0, offsets.size())
                .mapToObj(shard -> shard + ":" + offsets.get(shard))
                .collect(Collectors.joining(","));
    }

    /**
     * Resolves the configured range against the log as it is now.
     *
     * @throws CalibrationException if offsets are not those of a range the log still has
     * @throws IOException if the brokers do not answer
     */
    public static PinnedRange resolve(CalibrateConfig config)
            throws IOException, CalibrationException {
        Properties properties = config.kafkaProperties();
        properties.putIfAbsent("request.timeout.ms", "5000");
        properties.putIfAbsent("default.api.timeout.ms", "30000");
        try (Admin admin = Admin.create(properties)) {
            List<Long> earliest = offsets(admin, config, OffsetSpec.earliest());
            List<Long> latest = offsets(admin, config, OffsetSpec.latest());
            PinnedRange range =
                    config.timeStart() == null ? named(config) : timed(admin, config, latest);
            range.requireWithin(earliest, latest);
            return range;
        } catch (KafkaException e) {
            throw new IOException("cannot use the Kafka properties: " + e.getMessage(), e);
        }
    }

    private static PinnedRange named(CalibrateConfig config) {
        SourceOffsets start =
                SourceOffsets.parseStart(
                        CalibrateDefinition.OFFSETS_START.key(), config.offsetsStart());
        SourceOffsets end =
                SourceOffsets.parseEnd(CalibrateDefinition.OFFSETS_END.key(), config.offsetsEnd());
        return new PinnedRange(start.byShard(config.shards()), end.byShard(config.shards()));
    }

    private static PinnedRange timed(Admin admin, CalibrateConfig config, List<Long> latest)
            throws IOException {
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        OffsetSpec from = OffsetSpec.forTimestamp(config.timeStart().toEpochMilli());
        OffsetSpec to = OffsetSpec.forTimestamp(config.timeEnd().toEpochMilli());
        List<Long> first = offsets(admin, config, from);
        List<Long> after = offsets(admin, config, to);
        for (int shard = 0; shard < latest.size(); shard++) {
            starts.add(orEnd(first.get(shard), latest.get(shard)));
            ends.add(orEnd(after.get(shard), latest.get(shard)));
        }
        return new PinnedRange(starts, ends);
    }

    /** Kafka answers -1 where no record is that late; none after the committed end counts. */
    private static long orEnd(long offset, long end) {
        return offset < 0 ? end : Math.min(offset, end);
    }

    private void requireWithin(List<Long> earliest, List<Long> latest) throws CalibrationException {
        for (int shard = 0; shard < starts.size(); shard++) {
            if (starts.get(shard) > ends.get(shard)) {
                throw new CalibrationException(
                        "shard "
                                + shard
                                + ": the range must not end before it starts, found "
                                + starts.get(shard)
                                + " to "
                                + ends.get(shard));
            }
            if (starts.get(shard) < earliest.get(shard)) {
                throw new CalibrationException(
                        "shard "
                                + shard
                                + ": offset "
                                + starts.get(shard)
                                + " is no longer retained, the log begins at "
                                + earliest.get(shard));
            }
            if (ends.get(shard) > latest.get(shard)) {
                throw new CalibrationException(
                        "shard "
                                + shard
                                + ": the log ends at offset "
                                + latest.get(shard)
                                + ", the range at "
                                + ends.get(shard));
            }
        }
        if (length() == 0) {
            throw new CalibrationException("the range holds no record of any shard");
        }
    }

    private static List<Long> offsets(Admin admin, CalibrateConfig config, OffsetSpec spec)
            throws IOException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int shard = 0; shard < config.shards(); shard++) {
            wanted.put(new TopicPartition(config.validatedTopic(), shard), spec);
        }
        try {
            Map<TopicPartition, ListOffsetsResultInfo> found =
                    admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all()
                            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return IntStream.range(0, config.shards())
                    .mapToObj(shard -> new TopicPartition(config.validatedTopic(), shard))
                    .map(partition -> found.get(partition).offset())
                    .toList();
        } catch (ExecutionException e) {
            throw new IOException(
                    "cannot find offsets of "
                            + config.validatedTopic()
                            + ": "
                            + e.getCause().getMessage(),
                    e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "no broker told the offsets of "
                            + config.validatedTopic()
                            + " within "
                            + ANSWER_SECONDS
                            + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking for offsets", e);
        }
    }
}
