package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes a validated log as ingest does, with a clock of its own and without transactions: for a
 * seed the same records at the same offsets on every broker.
 */
final class LogWriter implements AutoCloseable {

    static final int PANE_SECONDS = 4;

    private static final long SECOND = 1_000_000L;
    private static final long LATENESS = SECOND;
    private static final int SNAPSHOTS_A_SECOND = 12;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int shards;
    private final Synthetic model;
    private long second;
    private boolean counts;
    private long snapshots;

    LogWriter(Map<String, Object> client, String prefix, int shards, long seed) {
        this.producer =
                new KafkaProducer<>(
                        new HashMap<>(client),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.topic = Topics.VALIDATED.topicName(prefix);
        this.shards = shards;
        this.model = new Synthetic(seed);
        tickAll();
    }

    /** Goes on for so many panes, which close one second into the next call. */
    void panes(int count) {
        for (int i = 0; i < count * PANE_SECONDS; i++) {
            for (int j = 0; j < SNAPSHOTS_A_SECOND; j++) {
                int shard = (int) (snapshots % shards);
                send(shard, model.snapshot("c" + shard, snapshots / shards, second * SECOND + j));
                snapshots++;
            }
            second++;
            tickAll();
        }
        producer.flush();
    }

    /** Has the model judged by a baseline from the next pane on. */
    void activate(String baselineId) {
        for (int shard = 0; shard < shards; shard++) {
            send(
                    shard,
                    new Activate(
                            Synthetic.MODEL,
                            Synthetic.VERSION,
                            baselineId,
                            second * SECOND,
                            "test"));
        }
    }

    /** From now on ticks tell how many records were refused and late. */
    void count() {
        counts = true;
    }

    /** From now on the model behaves otherwise. */
    void drift() {
        model.drift();
    }

    /** Closes what is open. */
    void end() {
        second++;
        tickAll();
        producer.flush();
    }

    private void tickAll() {
        for (int shard = 0; shard < shards; shard++) {
            send(
                    shard,
                    new Tick(
                            second * SECOND,
                            PANE_SECONDS * SECOND,
                            LATENESS,
                            shard,
                            shards,
                            second,
                            counts ? second % 4 : null,
                            counts ? second % 3 : null));
        }
    }

    private void send(int shard, SpecificRecord record) {
        producer.send(new ProducerRecord<>(topic, shard, null, Wire.encode(record)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
