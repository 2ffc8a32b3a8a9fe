package io.spectrawatch.ingest.model;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.IngestException;
import io.spectrawatch.schemas.ModelIdentity;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register in its topic, which has one partition.
 *
 * <p>Claims are written outside of the stream threads' transactions, because a transaction could
 * not read itself. One that is left over from a transaction that was aborted does no harm: the
 * snapshot it was made for is read again and finds it.
 */
public final class KafkaModelRegister implements ModelRegister, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaModelRegister.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final String CLIENT = "identities";

    private final TopicPartition log;
    private final ClaimedModels models;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;

    private KafkaModelRegister(
            TopicPartition log,
            ClaimedModels models,
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> consumer) {
        this.log = log;
        this.models = models;
        this.producer = producer;
        this.consumer = consumer;
    }

    /**
     * Opens the register and reads it to its end.
     *
     * @param streams settings of Kafka Streams
     * @throws IngestException if the log does not answer
     */
    public static KafkaModelRegister open(IngestConfig config, Properties streams, int shards) {
        StreamsConfig settings = new StreamsConfig(streams);
        Map<String, Object> reading = settings.getGlobalConsumerConfigs(CLIENT);
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        Map<String, Object> writing = settings.getProducerConfigs(CLIENT);
        writing.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        writing.put(ProducerConfig.ACKS_CONFIG, "all");
        writing.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        writing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        writing.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        writing.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        KafkaModelRegister register =
                new KafkaModelRegister(
                        new TopicPartition(Topics.IDENTITIES.topicName(config.topicPrefix()), 0),
                        new ClaimedModels(config.registerModels(shards), config.layers()),
                        new KafkaProducer<>(
                                writing, new ByteArraySerializer(), new ByteArraySerializer()),
                        new KafkaConsumer<>(
                                reading, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        try {
            register.readAll();
        } catch (RuntimeException e) {
            register.close();
            throw e;
        }
        return register;
    }

    private synchronized void readAll() {
        consumer.assign(List.of(log));
        consumer.seekToBeginning(List.of(log));
        long end = consumer.endOffsets(List.of(log), PATIENCE).get(log);
        readTo(end, new TreeMap<>());
    }

    @Override
    public KnownModel find(String key) {
        return models.find(key);
    }

    @Override
    public synchronized void refresh() {
        poll(Duration.ZERO, new TreeMap<>());
    }

    @Override
    public synchronized List<KnownModel> claim(List<ModelIdentity> claims) {
        TreeMap<Long, KnownModel> outcomes = new TreeMap<>();
        for (Future<RecordMetadata> sent : send(claims)) {
            outcomes.put(offset(sent), null);
        }
        if (!outcomes.isEmpty()) {
            readTo(outcomes.lastKey() + 1, outcomes);
        }
        return new ArrayList<>(outcomes.values());
    }

    private List<Future<RecordMetadata>> send(List<ModelIdentity> claims) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ModelIdentity claim : claims) {
            byte[] key = ClaimedModels.key(claim).getBytes(StandardCharsets.UTF_8);
            sent.add(
                    producer.send(
                            new ProducerRecord<>(
                                    log.topic(), log.partition(), key, Wire.encode(claim))));
        }
        producer.flush();
        return sent;
    }

    private long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new IngestException(
                    "cannot write to " + log.topic() + ": " + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    private void readTo(long end, Map<Long, KnownModel> outcomes) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long position = consumer.position(log, PATIENCE);
        while (position < end) {
            poll(POLL, outcomes);
            long now = consumer.position(log, PATIENCE);
            if (now > position) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IngestException(
                        log.topic()
                                + " was not read beyond offset "
                                + position
                                + " of "
                                + end
                                + " within "
                                + PATIENCE.toSeconds()
                                + " s");
            }
            position = now;
        }
    }

    /**
     * @param outcomes by offset of a claim, filled with what its version is after it
     */
    private void poll(Duration patience, Map<Long, KnownModel> outcomes) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            try {
                ModelIdentity claim = Wire.decode(record.value(), ModelIdentity.class);
                models.take(claim, record.offset());
                if (outcomes.containsKey(record.offset())) {
                    outcomes.put(record.offset(), models.find(ClaimedModels.key(claim)));
                }
            } catch (WireException e) {
                LOG.error("{}: offset {} is no claim", log.topic(), record.offset(), e);
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_PATIENCE);
        consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
    }
}
