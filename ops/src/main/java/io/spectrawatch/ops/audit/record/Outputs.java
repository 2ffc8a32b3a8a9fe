package io.spectrawatch.ops.audit.record;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads what the monitor recorded. */
public final class Outputs {

    /** In the order in which reports name them. */
    public static final List<Topics> TOPICS =
            List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.ALERTS, Topics.SCORES);

    private static final long MICROS_PER_MILLI = 1000;

    private final Map<String, Object> client;
    private final String prefix;

    Outputs(Map<String, Object> client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    /**
     * Reads the records of a topic to its present end.
     *
     * @param from pane end of the earliest record wanted, microseconds; records carry it as their
     *     time
     * @param keys beginning of the keys wanted, empty for all
     */
    List<Entry> read(Topics topic, long from, String keys, Predicate<Entry> wanted)
            throws IOException {
        List<Entry> found = new ArrayList<>();
        try (TopicRange range = new TopicRange(client, topic.topicName(prefix))) {
            for (int partition = 0; partition < range.partitions(); partition++) {
                Entries entries = new Entries();
                long millis = Math.max(0, Math.floorDiv(from, MICROS_PER_MILLI));
                long first = range.at(partition, millis);
                long end = range.end(partition);
                range.read(
                        partition,
                        first,
                        end,
                        record -> {
                            if (!key(record).startsWith(keys)) {
                                return;
                            }
                            Entry entry = entry(topic, record, entries);
                            if (wanted.test(entry)) {
                                found.add(entry);
                            }
                        });
            }
        }
        return found;
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private Entry entry(Topics topic, ConsumerRecord<byte[], byte[]> record, Entries entries) {
        try {
            return entries.read(
                    Entries.record(topic, record.offset(), record.key(), record.value()));
        } catch (WireException e) {
            String place = topic.topicName(prefix) + ", offset " + record.offset();
            throw new UncheckedIOException(new AuditException(place + ": " + e.getMessage(), e));
        }
    }
}
