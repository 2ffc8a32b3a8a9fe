package io.spectrawatch.ops.event;

import io.spectrawatch.ops.exporter.RepeatedRecords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes alerts in the order of their topic and has each sent once.
 *
 * <pre>
 * commit "sending" at the alert's offset ─► send ─► the collector answers ─► commit the next offset
 * </pre>
 *
 * <p>The first commit fails in a process that is no longer the one of its group that sends, so that
 * none sends beside its successor. Between the two commits it is open whether the collector has the
 * alert, and a process that finds the mark of another sends it again: lost it must not be. The
 * event is the same to the byte then, so that who keeps one of equal events, or one for each id,
 * has one.
 *
 * <p>Which alerts were published before is decided by the topic alone: a process reads what lies
 * before its place, and so decides as one that was never stopped.
 */
final class EventPump implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /** Beginning of the metadata of an offset whose alert may have been sent. */
    private static final String SENDING = "sending ";

    private final String topic;
    private final Past past;
    private final EventSender sender;
    private final EventCounts counts;
    private final CountDownLatch closed;
    private final AlertEventForm form = new AlertEventForm();

    /** What this process has sent last: it counts also where the commit after it failed. */
    private final Map<TopicPartition, Long> taken = new HashMap<>();

    private final Map<TopicPartition, Place> places = new HashMap<>();
    private Consumer<byte[], byte[]> consumer;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** What lies in a partition before an offset. */
    interface Past {
        void read(int partition, long end, Predicate<ConsumerRecord<byte[], byte[]>> sink)
                throws IOException;
    }

    /** Where the reading of a partition stands. */
    private static final class Place {
        private final RepeatedRecords known = new RepeatedRecords();

        /** Offset that may have been sent by a process before this one; -1 for none. */
        private long doubtful = -1;

        /** Offset of the last alert that was found to be new. */
        private long admitted = -1;

        private boolean began;
        private long committed;
    }

    EventPump(
            String topic,
            Past past,
            EventSender sender,
            EventCounts counts,
            CountDownLatch closed) {
        this.topic = topic;
        this.past = past;
        this.sender = sender;
        this.counts = counts;
        this.closed = closed;
    }

    /**
     * Sends until it is closed.
     *
     * @param from of the group whose offsets say how far the sending has come; hands on one record
     *     at a time
     * @throws org.apache.kafka.common.KafkaException if the brokers do not answer: it may be called
     *     again with another consumer
     */
    void run(Consumer<byte[], byte[]> from) throws IOException, InterruptedException {
        consumer = from;
        places.clear();
        consumer.subscribe(List.of(topic), this);
        while (closed.getCount() > 0) {
            step();
        }
    }

    /** Takes what one poll gives. */
    void step() throws IOException, InterruptedException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        TopicPartition partition = null;
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                partition = new TopicPartition(record.topic(), record.partition());
                if (!take(record, partition)) {
                    consumer.seek(partition, record.offset());
                }
            }
            if (records.isEmpty()) {
                commitPassed();
            }
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.info("another process may send alerts on: {}", e.getMessage());
            // Where it is still ours in the end, nothing may be passed over.
            if (partition != null && consumer.assignment().contains(partition)) {
                consumer.seek(partition, records.records(partition).get(0).offset());
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                consumer.committed(Set.copyOf(partitions));
        for (TopicPartition each : partitions) {
            Place place = new Place();
            OffsetAndMetadata found = committed.get(each);
            if (found == null) {
                // The first start: what is published from now on is sent, whatever happens to us.
                long end = consumer.endOffsets(List.of(each)).get(each);
                consumer.seek(each, end);
                found = new OffsetAndMetadata(end);
                consumer.commitSync(Map.of(each, found));
            }
            if (found.metadata().startsWith(SENDING)) {
                place.doubtful = found.offset();
            }
            place.committed = found.offset();
            places.put(each, place);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        places.keySet().removeAll(partitions);
    }

    /** Whether the record is done with. */
    private boolean take(ConsumerRecord<byte[], byte[]> record, TopicPartition partition)
            throws IOException, InterruptedException {
        Place place = places.get(partition);
        Alert alert = alert(record);
        if (alert == null || !isNew(alert, record, place)) {
            return true;
        }
        long offset = record.offset();
        if (taken.getOrDefault(partition, -1L) != offset) {
            commit(partition, new OffsetAndMetadata(offset, SENDING + alert.getId()));
            if (!send(alert, record, place.doubtful == offset)) {
                return false;
            }
            taken.put(partition, offset);
        }
        commit(partition, new OffsetAndMetadata(offset + 1));
        return true;
    }

    private boolean isNew(Alert alert, ConsumerRecord<byte[], byte[]> record, Place place)
            throws IOException {
        if (!place.began) {
            past.read(
                    record.partition(),
                    record.offset(),
                    before -> {
                        Alert old = alert(before);
                        if (old != null) {
                            place.known.isFirst(old);
                        }
                        return true;
                    });
            place.began = true;
        }
        if (place.admitted != record.offset() && !place.known.isFirst(alert)) {
            return false;
        }
        place.admitted = record.offset();
        return true;
    }

    /** Null where the record is no alert that this release can read. */
    private static Alert alert(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() != null && Wire.decode(record.value()) instanceof Alert alert
                    ? alert
                    : null;
        } catch (WireException e) {
            // The exporter's log names it.
            return null;
        }
    }

    private boolean send(Alert alert, ConsumerRecord<byte[], byte[]> record, boolean again)
            throws InterruptedException {
        if (again) {
            LOG.warn(
                    "the alert {} may have been sent before this process started; it is sent again,"
                            + " equal in every byte",
                    alert.getId());
        }
        String problem = sender.send(form.of(alert, record.timestamp()));
        if (problem == null) {
            counts.sent(again);
            pauseMillis = FIRST_PAUSE_MILLIS;
            return true;
        }
        counts.failed();
        if (pauseMillis == FIRST_PAUSE_MILLIS) {
            LOG.warn("the collector did not take the alert {}: {}", alert.getId(), problem);
        }
        closed.await(pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        return false;
    }

    private void commit(TopicPartition partition, OffsetAndMetadata place) {
        consumer.commitSync(Map.of(partition, place));
        places.get(partition).committed = place.offset();
    }

    /** Records that nothing was sent for count as read too, once there is time. */
    private void commitPassed() {
        for (Map.Entry<TopicPartition, Place> each : places.entrySet()) {
            long position = consumer.position(each.getKey());
            if (position > each.getValue().committed) {
                commit(each.getKey(), new OffsetAndMetadata(position));
            }
        }
    }
}
