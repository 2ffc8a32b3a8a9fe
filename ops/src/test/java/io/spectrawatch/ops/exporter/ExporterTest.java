package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.fuzz.Fuzz;
import io.undertow.server.handlers.ResponseCodeHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exporter's reader: what it counts after a restart, and how it ends. */
@Timeout(60)
class ExporterTest {

    private static final TopicPartition TOPIC = new TopicPartition("t.sketches", 0);

    private final CollectorRegistry registry = new CollectorRegistry(true);

    private Exporter exporter(long publishedBefore, Runnable last, List<SpecificRecord> records)
            throws Exception {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.assign(List.of(TOPIC));
        consumer.updateBeginningOffsets(Map.of(TOPIC, 0L));
        consumer.schedulePollTask(
                () -> {
                    for (int i = 0; i < records.size(); i++) {
                        consumer.addRecord(
                                new ConsumerRecord<>(
                                        TOPIC.topic(),
                                        0,
                                        i,
                                        new byte[0],
                                        Wire.encode(records.get(i))));
                    }
                });
        consumer.schedulePollTask(last);
        return new Exporter(
                consumer,
                Map.of(TOPIC, publishedBefore),
                null,
                ResponseCodeHandler.HANDLE_404,
                new InetSocketAddress("127.0.0.1", 0),
                WebConfig.open(),
                registry);
    }

    private static LayerSketch pane(int number) {
        LayerSketch any =
                Fuzz.corpus("exported").stream()
                        .map(Wire::decode)
                        .filter(LayerSketch.class::isInstance)
                        .map(LayerSketch.class::cast)
                        .findFirst()
                        .orElseThrow();
        return LayerSketch.newBuilder(any)
                .setModelId("m")
                .setModelVersion("1")
                .setLayer("l")
                .setPaneStart(number * 60_000_000L)
                .setPaneEnd((number + 1) * 60_000_000L)
                .build();
    }

    private Double value(String name) {
        return registry.getSampleValue(
                name, new String[] {"model", "version", "layer"}, new String[] {"m", "1", "l"});
    }

    private void readAll(long publishedBefore, List<SpecificRecord> records) throws Exception {
        try (Exporter exporter =
                exporter(
                        publishedBefore,
                        () -> {
                            throw new StackOverflowError("the end of the test's records");
                        },
                        records)) {
            exporter.begin();
            assertThrows(IllegalStateException.class, exporter::join);
        }
    }

    @Test
    void anErrorOfTheReaderEndsTheExporterAndIsNamed() throws Exception {
        try (Exporter exporter =
                exporter(
                        0,
                        () -> {
                            throw new OutOfMemoryError("Direct buffer memory");
                        },
                        List.of())) {
            exporter.begin();
            IllegalStateException ended = assertThrows(IllegalStateException.class, exporter::join);
            assertTrue(
                    ended.getMessage().contains("out of memory: direct buffers"),
                    ended.getMessage());
            assertEquals(ExitCodes.OUT_OF_MEMORY, ExitCodes.of(ended));
        }
    }

    /** To Prometheus a restart is a reset to 0: what was counted before is shown alone. */
    @Test
    void whatWasPublishedBeforeTheStartIsShownAndNotCounted() throws Exception {
        readAll(3, List.of(pane(0), pane(1), pane(2)));
        assertEquals(0.0, value("spectrawatch_panes_total"));
        assertEquals(180.0, value("spectrawatch_pane_end_timestamp_seconds"));
    }

    @Test
    void whatIsPublishedAfterTheStartIsCounted() throws Exception {
        readAll(3, List.of(pane(0), pane(1), pane(2), pane(3), pane(4)));
        assertEquals(2.0, value("spectrawatch_panes_total"));
        assertEquals(300.0, value("spectrawatch_pane_end_timestamp_seconds"));
    }

    @Test
    void whatIsPublishedTwiceIsCountedOnce() throws Exception {
        List<SpecificRecord> records = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            for (int number = 0; number < 20; number++) {
                records.add(pane(number));
            }
        }
        readAll(0, records);
        assertEquals(20.0, value("spectrawatch_panes_total"));
        assertEquals(
                20.0,
                registry.getSampleValue(
                        "spectrawatch_repeated_records_total",
                        new String[] {"type"},
                        new String[] {"LayerSketch"}));
        assertEquals(1200.0, value("spectrawatch_pane_end_timestamp_seconds"));
    }

    /** A part of the log that another exporter has counted is new to nobody when it comes again. */
    @Test
    void whatWasShownBeforeTheStartIsNotCountedWhenItIsRepeated() throws Exception {
        readAll(2, List.of(pane(0), pane(1), pane(0), pane(1)));
        assertEquals(0.0, value("spectrawatch_panes_total"));
        assertNull(
                registry.getSampleValue(
                        "spectrawatch_repeated_records_total",
                        new String[] {"type"},
                        new String[] {"Alert"}));
    }
}
