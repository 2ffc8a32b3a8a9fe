package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends snapshots to all shards without a break, a bad record of each kind now and then, until it
 * is stopped; nothing that it has sent is given up while a broker is away. A sample of each
 * snapshot goes on over several.
 */
final class Load {

    private static final long HOUR_MICROS = 3_600_000_000L;

    /** One in so many records is bad. */
    private static final int BAD = 16;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int shards;
    private final long pauseMillis;
    private final Synthetic model = new Synthetic(Synthetic.seed(), true);
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopped;
    private long sent;

    Load(Map<String, Object> client, String prefix, int shards, long pauseMillis) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("delivery.timeout.ms", "600000");
        properties.put("max.block.ms", "600000");
        producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = Topics.ACTIVATIONS.topicName(prefix);
        this.shards = shards;
        this.pauseMillis = pauseMillis;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** From now on the model behaves otherwise. */
    void drift() {
        model.drift();
    }

    /** Sends what it has begun and fails with what went wrong meanwhile. */
    long stop() throws Exception {
        stopped = true;
        thread.join();
        producer.close();
        if (failure.get() != null) {
            throw failure.get();
        }
        return sent;
    }

    private void run() {
        for (long i = 0; !stopped && failure.get() == null; i++) {
            int shard = (int) (i % shards);
            String captureId = "capture-" + shard;
            long now = System.currentTimeMillis() * 1000;
            byte[] value = Wire.encode(model.snapshot(captureId, i / shards, now));
            send(shard, captureId, value);
            if (i % BAD == BAD - 1) {
                sendBad(shard, (int) (i / BAD), value);
            }
            pause();
        }
    }

    private void sendBad(int shard, int kind, byte[] good) {
        long now = System.currentTimeMillis() * 1000;
        String captureId = "bad-" + kind;
        switch (kind % 6) {
            case 0 -> send(shard, "capture-" + shard, good);
            case 1 -> send(shard, captureId, Arrays.copyOf(good, good.length - 3));
            case 2 -> send(shard, null, encode(captureId, now));
            case 3 -> send(shard, captureId, encode(captureId, now - HOUR_MICROS));
            case 4 -> send(shard, captureId, encode(captureId, now + HOUR_MICROS));
            default -> send(shard, captureId, Wire.encode(notFinite(captureId, now)));
        }
    }

    private byte[] encode(String captureId, long capturedAt) {
        return Wire.encode(model.snapshot(captureId, 0, capturedAt));
    }

    private ActivationSnapshot notFinite(String captureId, long now) {
        ActivationSnapshot snapshot = model.snapshot(captureId, 0, now);
        snapshot.getLayers().get(0).getData().order(ByteOrder.LITTLE_ENDIAN).putFloat(8, Float.NaN);
        return snapshot;
    }

    private void send(int shard, String key, byte[] value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        producer.send(
                new ProducerRecord<>(topic, shard, keyBytes, value),
                (metadata, error) -> failure.compareAndSet(null, error));
        sent++;
    }

    private void pause() {
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        }
    }
}
