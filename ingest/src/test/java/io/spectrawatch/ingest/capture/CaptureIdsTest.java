package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class CaptureIdsTest {

    @Test
    void differentIdsGoToTheShardsInTurn() {
        List<String> ids = CaptureIds.spread("host-1", 3, 7);

        assertEquals(7, new HashSet<>(ids).size());
        assertEquals(
                List.of(0, 1, 2, 0, 1, 2, 0),
                ids.stream()
                        .map(id -> id.getBytes(StandardCharsets.UTF_8))
                        .map(key -> BuiltInPartitioner.partitionForKey(key, 3))
                        .toList());
    }
}
