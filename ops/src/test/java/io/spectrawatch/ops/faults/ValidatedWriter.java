package io.spectrawatch.ops.faults;

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
 * Writes the validated topic without ingest, in the log's own time and without transactions: for
 * the same calls the same records at the same offsets on every broker.
 */
final class ValidatedWriter implements AutoCloseable {

    private static final long SECOND = 1_000_000L;

    /** Of topics of such a log: its panes are decades old, and brokers delete by what is old. */
    static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int shards;
    private final long pane;
    private final long lateness;

    /**
     * @param settings of the producer
     * @param paneSeconds length of the panes that the ticks tell of
     * @param latenessSeconds how long these wait
     */
    ValidatedWriter(
            Map<String, Object> settings,
            String prefix,
            int shards,
            long paneSeconds,
            long latenessSeconds) {
        this.producer =
                new KafkaProducer<>(
                        new HashMap<>(settings),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.topic = Topics.VALIDATED.topicName(prefix);
        this.shards = shards;
        this.pane = paneSeconds * SECOND;
        this.lateness = latenessSeconds * SECOND;
    }

    /**
     * Tells every shard that the log's clock stands at this second.
     *
     * @param refused records since the tick before, null as in ticks that do not count
     * @param late records since the tick before, likewise
     */
    void tickAll(long second, Long refused, Long late) {
        for (int shard = 0; shard < shards; shard++) {
            send(
                    shard,
                    new Tick(
                            second * SECOND, pane, lateness, shard, shards, second, refused, late));
        }
    }

    void send(int shard, SpecificRecord record) {
        send(shard, Wire.encode(record));
    }

    /** Sends a record as it is encoded. */
    void send(int shard, byte[] encoded) {
        producer.send(new ProducerRecord<>(topic, shard, null, encoded));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
