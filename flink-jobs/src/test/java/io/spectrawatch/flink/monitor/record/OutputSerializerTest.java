package io.spectrawatch.flink.monitor.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.junit.jupiter.api.Test;

class OutputSerializerTest {

    private final OutputSerializer serializer = new OutputSerializer("t.");

    /** Topics with so many partitions each. */
    private record Partitions(int count) implements KafkaSinkContext {

        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            int[] partitions = new int[count];
            for (int p = 0; p < count; p++) {
                partitions[p] = p;
            }
            return partitions;
        }
    }

    private int partition(Topics topic, String key, int partitions) {
        OutputRecord record =
                new OutputRecord(topic, key.getBytes(StandardCharsets.UTF_8), new byte[] {1}, 5);
        return serializer.serialize(record, new Partitions(partitions), null).partition();
    }

    @Test
    void whatIsOfAModelVersionGoesToOnePartitionOfEachTopic() {
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            String model = Topics.key("model/" + i, "1");
            List<Integer> found = new ArrayList<>();
            found.add(partition(Topics.ALERTS, model, 3));
            found.add(partition(Topics.SCORES, Topics.inSegment(model, "route=/x"), 3));
            for (String layer : List.of("h.0", "h.1", "out/0")) {
                String key = Topics.key("model/" + i, "1", layer);
                found.add(partition(Topics.SKETCHES, key, 3));
                found.add(partition(Topics.SKETCHES, Topics.inSegment(key, "route=/x"), 3));
            }
            assertEquals(1, new HashSet<>(found).size(), found::toString);
            used.addAll(found);
            assertEquals(0, partition(Topics.ALERTS, model, 1));
        }
        assertEquals(Set.of(0, 1, 2), used);
    }

    @Test
    void aTopicThatTheMonitorDoesNotWriteIsRefused() {
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> partition(Topics.VALIDATED, "m/1", 1));
        assertTrue(error.getMessage().contains("found VALIDATED"), error.getMessage());
    }
}
