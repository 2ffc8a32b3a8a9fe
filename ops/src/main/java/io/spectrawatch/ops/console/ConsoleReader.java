package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.console.store.ConsoleStore;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.process.LastWords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics from as far back as wanted, and on: alerts and notes to their end first, because
 * somebody may be waiting for them, then everything.
 */
final class ConsoleReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleReader.class);
    private static final List<Topics> READ =
            List.of(
                    Topics.ALERTS,
                    Topics.ALERT_NOTES,
                    Topics.SKETCHES,
                    Topics.CERTIFICATES,
                    Topics.SCORES);
    private static final List<Topics> FIRST = List.of(Topics.ALERTS, Topics.ALERT_NOTES);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final long STOP_MILLIS = 5_000;

    private final Consumer<byte[], byte[]> consumer;
    private final History history;
    private final AlertBook alerts;
    private final ConsoleStore store;
    private final Thread thread = new Thread(this::run, "console-reader");

    /** Ends when the reading began: what lies before them is the past. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private final List<String> unread = new ArrayList<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private String failure;
    private long undecodable;

    /** Whether the positions are where everything before was taken. */
    private boolean whole = true;

    /**
     * @param store keeps history and alerts, which are empty; null for none
     */
    ConsoleReader(
            Consumer<byte[], byte[]> consumer,
            History history,
            AlertBook alerts,
            ConsoleStore store) {
        this.consumer = consumer;
        this.history = history;
        this.alerts = alerts;
        this.store = store;
        thread.setDaemon(true);
    }

    /**
     * Starts reading: where the store ends, and of what it does not know at a moment.
     *
     * @param prefix prefix of the topics' names
     * @param since records stamped then or later, milliseconds since the epoch
     * @throws IOException if the store cannot be read
     */
    void start(String prefix, long since) throws IOException {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (Topics topic : READ) {
            partitions(topic.topicName(prefix)).forEach(each -> from.put(each, since));
        }
        consumer.assign(from.keySet());
        ends.putAll(consumer.endOffsets(from.keySet()));
        Map<TopicPartition, Long> kept =
                store == null ? Map.of() : store.restore(history, alerts, ends);
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                consumer.offsetsForTimes(from).entrySet()) {
            TopicPartition partition = found.getKey();
            long first = found.getValue() == null ? ends.get(partition) : found.getValue().offset();
            long start = kept.getOrDefault(partition, first);
            consumer.seek(partition, start);
            positions.put(partition, start);
        }
        List<String> first = FIRST.stream().map(topic -> topic.topicName(prefix)).toList();
        consumer.pause(from.keySet().stream().filter(p -> !first.contains(p.topic())).toList());
        thread.start();
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> found;
        try {
            found = consumer.partitionsFor(topic);
        } catch (AuthorizationException e) {
            unread.add(topic + ": no right to read it");
            LOG.warn("the console shows nothing of {}: {}", topic, e.getMessage());
            return List.of();
        }
        if (found == null || found.isEmpty()) {
            unread.add(topic + ": does not exist; topics create makes it");
            return List.of();
        }
        return found.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
    }

    private void run() {
        try (consumer) {
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                whole = false;
                records.forEach(this::accept);
                note();
                whole = true;
                if (store != null) {
                    store.commitWhenDue(history, positions, System.nanoTime());
                }
                if (!consumer.paused().isEmpty() && firstAreRead()) {
                    consumer.resume(consumer.paused());
                }
            }
        } catch (WakeupException closed) {
            LOG.debug("console closed");
        } catch (RuntimeException | Error e) {
            LOG.error("the console stopped reading; its pages stay as they are", e);
            synchronized (this) {
                failure = LastWords.of(e);
            }
        } finally {
            keep();
        }
    }

    /** What was taken in part is read again. */
    private void keep() {
        if (store == null) {
            return;
        }
        if (whole) {
            store.commit(history, positions);
        }
        store.close();
    }

    private synchronized void note() {
        for (TopicPartition each : consumer.assignment()) {
            positions.put(each, consumer.position(each));
        }
    }

    private boolean firstAreRead() {
        return consumer.assignment().stream()
                .filter(each -> !consumer.paused().contains(each))
                .allMatch(each -> consumer.position(each) >= ends.get(each));
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            SpecificRecord value = Wire.decode(record.value());
            if (value instanceof Alert alert) {
                alerts.accept(alert, record.offset());
                if (store != null) {
                    store.accept(record.partition(), record.offset(), alert);
                }
            } else if (value instanceof AlertNote note) {
                alerts.accept(note);
                if (store != null) {
                    store.accept(record.partition(), record.offset(), note);
                }
            } else {
                history.accept(value);
            }
        } catch (WireException e) {
            // The exporter's log names it.
            synchronized (this) {
                undecodable++;
            }
        }
    }

    /**
     * How far the reading is.
     *
     * @param left records of the past that are still to be read, by topic
     * @param unread topics that cannot be read, and why
     * @param undecodable records that could not be decoded
     * @param failure what ended the reading, null while it goes on
     * @param unkept why what was read is not kept on disk any more; null while it is, or where it
     *     never was meant to be
     */
    record Progress(
            Map<String, Long> left,
            List<String> unread,
            long undecodable,
            String failure,
            String unkept) {

        boolean done() {
            return left.values().stream().allMatch(count -> count == 0);
        }
    }

    synchronized Progress progress() {
        Map<String, Long> left = new TreeMap<>();
        positions.forEach(
                (partition, position) ->
                        left.merge(
                                partition.topic(),
                                Math.max(0, ends.get(partition) - position),
                                Long::sum));
        return new Progress(
                left,
                List.copyOf(unread),
                undecodable,
                failure,
                store == null ? null : store.failure());
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
