package io.spectrawatch.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One event for each alert, wherever a process is killed. */
@Timeout(60)
class EventPumpTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final TopicPartition TOPIC = new TopicPartition("t.alerts", 0);
    private static final AttributeKey<String> ID = AttributeKey.stringKey("spectrawatch.alert.id");

    private final List<Alert> log = new ArrayList<>();

    /** What the brokers know of the group. */
    private OffsetAndMetadata committed;

    /** What the collector has. */
    private final List<LogRecordData> events = new ArrayList<>();

    private final List<String> marks = new ArrayList<>();

    /** The end of a process. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What goes wrong before or after an action; null for nothing. */
    private interface Fate {
        void at(String place);
    }

    /** A process of the group, the only one while it lives. */
    private final class Member extends MockConsumer<byte[], byte[]> {

        private final Fate fate;

        Member(Fate fate) {
            super("earliest");
            this.fate = fate;
            setMaxPollRecords(1);
            updateBeginningOffsets(Map.of(TOPIC, 0L));
            updateEndOffsets(Map.of(TOPIC, (long) log.size()));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            if (assignment().isEmpty()) {
                rebalance(List.of(TOPIC));
                seek(TOPIC, committed.offset());
            }
            int next = (int) position(TOPIC);
            if (next < log.size()) {
                addRecord(record(next));
            }
            return super.poll(Duration.ZERO);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
            partitions.forEach(each -> found.put(each, committed));
            return found;
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            OffsetAndMetadata wanted = offsets.get(TOPIC);
            String what = wanted.metadata().isEmpty() ? "done" : "mark";
            fate.at("before " + what);
            committed = wanted;
            marks.add(wanted.offset() + wanted.metadata());
            fate.at("after " + what);
        }
    }

    private ConsumerRecord<byte[], byte[]> record(int offset) {
        return new ConsumerRecord<>(
                TOPIC.topic(), 0, offset, new byte[0], Wire.encode(log.get(offset)));
    }

    private EventPump pump(EventSender sender, CollectorRegistry registry) {
        return new EventPump(
                TOPIC.topic(),
                (partition, end, sink) -> {
                    for (int i = 0; i < end; i++) {
                        sink.test(record(i));
                    }
                },
                sender,
                new EventCounts(registry),
                new CountDownLatch(0));
    }

    /** Lives until it is killed, or has nothing more to do. */
    private double live(Fate fate) throws Exception {
        CollectorRegistry registry = new CollectorRegistry();
        Member member = new Member(fate);
        EventPump pump =
                pump(
                        event -> {
                            fate.at("before send");
                            events.add(event);
                            fate.at("after send");
                            return null;
                        },
                        registry);
        try {
            // Closed already: it subscribes alone, and the steps are ours.
            pump.run(member);
            while (committed == null || committed.offset() < log.size()) {
                pump.step();
            }
        } catch (Killed e) {
            // The next life goes on from what the brokers and the collector know.
        }
        return registry.getSampleValue("spectrawatch_alert_events_repeated_total");
    }

    private static void nothing(String place) {}

    private List<String> sent() {
        return events.stream().map(each -> each.getAttributes().get(ID)).toList();
    }

    private static Alert alert(int number) {
        return MadeAlerts.drift(
                "id" + number,
                number % 2 == 0 ? AlertTransition.RAISED : AlertTransition.RESOLVED,
                number);
    }

    private void publish(int from, int to) {
        for (int number = from; number < to; number++) {
            log.add(alert(number));
        }
    }

    @Test
    void whatIsPublishedBeforeTheFirstStartIsNotSentAndAllAfterIt() throws Exception {
        publish(0, 3);
        live(EventPumpTest::nothing);
        assertEquals(List.of(), sent());
        assertEquals(3, committed.offset());
        publish(3, 6);
        live(EventPumpTest::nothing);
        assertEquals(List.of("id3", "id4", "id5"), sent());
    }

    @Test
    void aProcessThatIsKilledAtAPlaceRepeatsWhatIsOpenThereAndNothingElse() throws Exception {
        Map<String, Integer> copies =
                Map.of(
                        "before mark", 1,
                        "after mark", 1,
                        "before send", 1,
                        "after send", 2,
                        "before done", 2,
                        "after done", 1);
        for (Map.Entry<String, Integer> each : copies.entrySet()) {
            log.clear();
            events.clear();
            committed = new OffsetAndMetadata(0);
            publish(0, 1);
            live(
                    place -> {
                        if (place.equals(each.getKey())) {
                            throw new Killed();
                        }
                    });
            double told = live(EventPumpTest::nothing);
            assertEquals(each.getValue(), events.size(), each.getKey());
            assertEquals(1, Set.copyOf(events.stream().map(Object::toString).toList()).size());
            // What was sent again is told apart from what was not; a doubt is told too.
            boolean doubtful =
                    Set.of("after mark", "before send", "after send", "before done")
                            .contains(each.getKey());
            assertEquals(doubtful ? 1.0 : 0.0, told, each.getKey());
        }
    }

    /** Also where a monitor publishes part of its log a second time. */
    @Test
    void everyAlertIsSentInOrderHoweverOftenProcessesAreKilled() throws Exception {
        for (int run = 0; run < 50; run++) {
            Random random = new Random(SEED + run);
            String where = "seed " + (SEED + run);
            log.clear();
            events.clear();
            committed = new OffsetAndMetadata(0);
            publish(0, 20);
            publish(10, 15);
            publish(0, 30);
            int kills = 20;
            for (int life = 0; life < kills; life++) {
                int[] left = {random.nextInt(12)};
                live(
                        place -> {
                            if (left[0]-- == 0) {
                                throw new Killed();
                            }
                        });
            }
            live(EventPumpTest::nothing);
            List<String> wanted = new ArrayList<>();
            for (int number = 0; number < 30; number++) {
                wanted.add("id" + number);
            }
            assertEquals(wanted, List.copyOf(new LinkedHashSet<>(sent())), where);
            assertTrue(events.size() <= wanted.size() + kills, where);
            Set<String> different = new LinkedHashSet<>();
            events.forEach(each -> different.add(each.toString()));
            assertEquals(wanted.size(), different.size(), where);
        }
    }

    @Test
    void aRefusedAlertIsSentUntilItIsTakenAndTheNextOnesWait() throws Exception {
        committed = new OffsetAndMetadata(0);
        publish(0, 3);
        int[] refusals = {4};
        Member member = new Member(EventPumpTest::nothing);
        CollectorRegistry registry = new CollectorRegistry();
        EventPump pump =
                pump(
                        event -> {
                            if (refusals[0]-- > 0) {
                                return "503";
                            }
                            events.add(event);
                            return null;
                        },
                        registry);
        pump.run(member);
        for (int step = 0; step < 8; step++) {
            pump.step();
        }
        assertEquals(List.of("id0", "id1", "id2"), sent());
        assertEquals(4.0, registry.getSampleValue("spectrawatch_alert_event_failures_total"));
        assertEquals(0.0, registry.getSampleValue("spectrawatch_alert_events_repeated_total"));
    }

    /** A process that was paused and taken for dead. */
    @Test
    void whoIsNoLongerOfTheGroupSendsNothing() throws Exception {
        committed = new OffsetAndMetadata(0);
        publish(0, 3);
        Member member =
                new Member(
                        place -> {
                            throw new CommitFailedException("the group went on");
                        });
        EventPump pump =
                pump(
                        event -> {
                            throw new AssertionError("sent");
                        },
                        new CollectorRegistry());
        pump.run(member);
        pump.step();
        assertEquals(0, committed.offset());
    }

    @Test
    void whatWasTakenWhileTheBrokersWereAwayIsNotSentAgain() throws Exception {
        committed = new OffsetAndMetadata(0);
        publish(0, 2);
        boolean[] away = {true};
        EventPump pump =
                pump(
                        event -> {
                            events.add(event);
                            return null;
                        },
                        new CollectorRegistry());
        pump.run(
                new Member(
                        place -> {
                            if (place.equals("before done") && away[0]) {
                                throw new TimeoutException("no broker answers");
                            }
                        }));
        assertThrows(TimeoutException.class, pump::step);
        away[0] = false;
        pump.run(new Member(EventPumpTest::nothing));
        pump.step();
        pump.step();
        assertEquals(List.of("id0", "id1"), sent());
        assertEquals(2, committed.offset());
        assertEquals(List.of("0sending id0", "1", "1sending id1", "2"), marks);
    }
}
