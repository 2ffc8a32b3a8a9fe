package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SnapshotPublisherTest {

    private static final String TOPIC = "spectrawatch.activations";

    private final CollectorRegistry registry = new CollectorRegistry();
    private final LinkedBlockingQueue<Completed> completed = new LinkedBlockingQueue<>();

    private record Completed(long sequence, long capturedAt, Exception failure) {}

    @Test
    void whatIsHandedOverArrivesInOrderUnderItsCaptureId() throws InterruptedException {
        MockProducer<byte[], byte[]> producer = producer(true);
        try (SnapshotPublisher publisher = publisher(producer, 16)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(publisher.publish(snapshot(i, 8)));
            }
            for (int i = 0; i < 3; i++) {
                Completed done = completed.take();
                assertEquals(i, done.sequence());
                assertEquals(5_000_000L + i, done.capturedAt());
                assertNull(done.failure());
            }
            assertEquals(3, publisher.counts().acknowledged());
        }
        ProducerRecord<byte[], byte[]> first = producer.history().get(0);
        assertEquals(TOPIC, first.topic());
        assertArrayEquals("capture".getBytes(StandardCharsets.UTF_8), first.key());
        assertEquals(5_000L, first.timestamp());
        assertEquals(snapshot(0, 8), Wire.decode(first.value()));
    }

    @Test
    void aFullBufferDropsAndCountsInsteadOfWaiting() {
        MockProducer<byte[], byte[]> silent = producer(false);
        SnapshotPublisher publisher = publisher(silent, 4);
        int accepted = 0;
        for (int i = 0; i < 10; i++) {
            accepted += publisher.publish(snapshot(i, 8)) ? 1 : 0;
        }

        // What has been sent but not answered still takes its room.
        assertEquals(4, accepted);
        assertEquals(6, publisher.counts().dropped());
        assertEquals(6.0, registry.getSampleValue("spectrawatch_capture_dropped_total"));
        publisher.close();
    }

    @Test
    void aSampleThatLostAPartIsNotGoneOnWith() {
        MockProducer<byte[], byte[]> silent = producer(false);
        SnapshotPublisher publisher = publisher(silent, 3);
        List<ActivationSnapshot> snapshots =
                List.of(
                        part(0, "a", 0, true),
                        part(1, "b", 0, false),
                        part(2, "b", 1, false),
                        part(3, "b", 2, false),
                        part(4, "b", 3, true),
                        part(5, "c", 0, false),
                        part(6, "c", 1, true));

        CaptureSession.Outcome outcome = CaptureSession.publish(publisher, snapshots.iterator());

        // Nothing is answered, so that the buffer stays full from the third on.
        assertEquals(new CaptureSession.Outcome(7, 3, 7), outcome);
        assertEquals(4, publisher.counts().dropped());
        assertEquals(2.0, registry.getSampleValue("spectrawatch_capture_broken_samples_total"));
        publisher.close();
    }

    @Test
    void bytesAreBoundedToo() {
        int half = Topics.MAX_RECORD_BYTES / 2;
        SnapshotPublisher publisher =
                new SnapshotPublisher(
                        options(1000, Topics.MAX_RECORD_BYTES),
                        producer(false),
                        registry,
                        this::record);

        assertTrue(publisher.publish(snapshot(0, half)));
        assertFalse(publisher.publish(snapshot(1, half)));
        publisher.close();
    }

    @Test
    void blockingWaitsForRoom() throws InterruptedException {
        MockProducer<byte[], byte[]> producer = producer(false);
        SnapshotPublisher publisher = publisher(producer, 1);
        publisher.publishBlocking(snapshot(0, 8));
        CountDownLatch second = new CountDownLatch(1);
        Thread model =
                new Thread(
                        () -> {
                            try {
                                publisher.publishBlocking(snapshot(1, 8));
                                second.countDown();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        model.start();

        completeNext(producer);

        assertTrue(second.await(30, TimeUnit.SECONDS));
        assertEquals(0, publisher.counts().dropped());
        completeNext(producer);
        publisher.close();
        assertEquals(2, publisher.counts().acknowledged());
    }

    @Test
    void aFailureIsCountedAndReported() throws InterruptedException {
        MockProducer<byte[], byte[]> producer = producer(false);
        SnapshotPublisher publisher = publisher(producer, 4);
        publisher.publish(snapshot(0, 8));
        while (!producer.errorNext(new IllegalStateException("broker says no"))) {
            Thread.onSpinWait();
        }

        assertInstanceOf(IllegalStateException.class, completed.take().failure());
        assertEquals(1, publisher.counts().failed());
        publisher.close();
    }

    @Test
    void nothingGoesInAfterClosing() {
        SnapshotPublisher publisher = publisher(producer(true), 4);
        publisher.close();

        assertThrows(IllegalStateException.class, () -> publisher.publish(snapshot(0, 8)));
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedWithItsSize() {
        SnapshotPublisher publisher = publisher(producer(true), 4);

        Exception e =
                assertThrows(
                        CaptureException.class,
                        () -> publisher.publish(snapshot(0, Topics.MAX_RECORD_BYTES)));
        assertTrue(e.getMessage().contains("8388608"), e.getMessage());
        publisher.close();
    }

    @Test
    void aBrokenAddressIsNamed() {
        Exception e =
                assertThrows(
                        CaptureException.class,
                        () ->
                                SnapshotPublisher.open(
                                        PublisherOptions.defaults(),
                                        Map.of("bootstrap.servers", "nowhere.invalid:1"),
                                        registry,
                                        this::record));
        assertTrue(e.getMessage().contains("bootstrap"), e.getMessage());
    }

    private static void completeNext(MockProducer<byte[], byte[]> producer) {
        // The sender's thread decides when the record is there to be completed.
        while (!producer.completeNext()) {
            Thread.onSpinWait();
        }
    }

    private SnapshotPublisher publisher(MockProducer<byte[], byte[]> producer, int snapshots) {
        return new SnapshotPublisher(
                options(snapshots, Topics.MAX_RECORD_BYTES), producer, registry, this::record);
    }

    private static PublisherOptions options(int snapshots, long bytes) {
        return PublisherOptions.defaults()
                .withBuffer(snapshots, bytes)
                .withFlushTimeout(Duration.ofSeconds(5));
    }

    private void record(long sequence, long capturedAt, Exception failure) {
        completed.add(new Completed(sequence, capturedAt, failure));
    }

    private static MockProducer<byte[], byte[]> producer(boolean completes) {
        return new MockProducer<>(
                completes, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ActivationSnapshot part(int sequence, String id, int part, boolean last) {
        Sample sample =
                Sample.newBuilder(WholeSample.of(id, null, null, 1.0))
                        .setPart(part)
                        .setLast(last)
                        .build();
        return ActivationSnapshot.newBuilder(snapshot(sequence, 8))
                .setSamples(List.of(sample))
                .build();
    }

    private static ActivationSnapshot snapshot(int sequence, int bytes) {
        Layer layer =
                new Layer(
                        "h",
                        0,
                        LayerRole.HIDDEN,
                        1,
                        bytes / 4,
                        ElementType.FLOAT32,
                        null,
                        ByteBuffer.allocate(bytes),
                        null,
                        false);
        return new ActivationSnapshot(
                "m",
                "1",
                "ab",
                "capture",
                (long) sequence,
                5_000_000L + sequence,
                List.of(WholeSample.of("s", null, null, 1.0)),
                List.of(layer));
    }
}
