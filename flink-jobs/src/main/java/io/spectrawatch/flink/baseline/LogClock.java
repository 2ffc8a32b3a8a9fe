package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.blob.TopicScan;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the newest ticks of the validated log say.
 *
 * @param time largest append-time low-water mark of any shard, microseconds
 * @param paneLength length of a pane, microseconds
 */
public record LogClock(long time, long paneLength) {

    /**
     * Time a request may take to enter every shard, microseconds: ingest copies requests once per
     * tick interval, which is a second unless configured.
     */
    static final long LEAD_MICROS = 10_000_000;

    private static final String TICK = Tick.getClassSchema().getFullName();

    /** Records read from the end of a shard at first; doubled until a tick is among them. */
    private static final long FIRST_LOOK_BACK = 16;

    /**
     * Reads the newest tick of every shard.
     *
     * @return empty if no shard has one: ingest has never run
     * @throws IOException if the validated topic cannot be read
     */
    public static Optional<LogClock> read(Map<String, ?> client, String topicPrefix)
            throws IOException {
        LogClock newest = null;
        try (TopicScan scan = new TopicScan(client, Topics.VALIDATED.topicName(topicPrefix))) {
            Map<TopicPartition, Long> beginnings = scan.beginnings();
            Map<TopicPartition, Long> ends = scan.ends();
            for (TopicPartition shard : scan.partitions()) {
                LogClock clock = newest(scan, shard, beginnings.get(shard), ends.get(shard));
                if (clock != null && (newest == null || clock.time() > newest.time())) {
                    newest = clock;
                }
            }
        }
        return Optional.ofNullable(newest);
    }

    private static LogClock newest(TopicScan scan, TopicPartition shard, long beginning, long end)
            throws IOException {
        long lookBack = FIRST_LOOK_BACK;
        Newest ticks = new Newest();
        while (ticks.tick == null) {
            long from = Math.max(beginning, end - lookBack);
            scan.readFrom(shard, from, end, ticks);
            if (from == beginning) {
                break;
            }
            lookBack *= 2;
        }
        return ticks.tick == null
                ? null
                : new LogClock(ticks.tick.getTime(), ticks.tick.getPaneLength());
    }

    /**
     * The first pane that no shard can have begun when a request written now has entered the log:
     * snapshots are accepted up to the clock skew ahead of the broker's time.
     *
     * @param nowMicros the broker's time, microseconds; the log's own where that is ahead
     * @param maxClockSkewMicros as ingest is configured
     * @return start of the pane, microseconds
     */
    public long earliestActivation(long nowMicros, long maxClockSkewMicros) {
        long last = Math.max(nowMicros, time) + maxClockSkewMicros + LEAD_MICROS;
        return (Math.floorDiv(last, paneLength) + 1) * paneLength;
    }

    /** The start of the first pane that starts at or after a moment. */
    public long paneFrom(long micros) {
        return -Math.floorDiv(-micros, paneLength) * paneLength;
    }

    /** Keeps the last tick it sees. */
    private static final class Newest implements TopicScan.Sink {
        private Tick tick;

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record) {
            if (record.value() != null && Wire.isA(record.value(), TICK)) {
                tick = Wire.decode(record.value(), Tick.class);
            }
        }
    }
}
