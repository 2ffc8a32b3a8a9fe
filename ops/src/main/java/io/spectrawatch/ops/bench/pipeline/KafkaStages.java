package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that Kafka's own clients take for the same records, a thread per subtask and its share
 * of the partitions each.
 */
final class KafkaStages {

    private static final Duration POLL = Duration.ofMillis(100);

    /** As often as Kafka Streams commits where it does so exactly once. */
    private static final long COMMIT_NANOS = 100_000_000L;

    private static final int LARGEST_REQUEST =
            Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    private final Map<String, Object> client;
    private final PipelineOptions options;
    private final BenchTopics topics;
    private final StageClock clock;

    KafkaStages(
            Map<String, Object> client,
            PipelineOptions options,
            BenchTopics topics,
            StageClock clock) {
        this.client = client;
        this.options = options;
        this.topics = topics;
        this.clock = clock;
    }

    /** Reads the accepted rows and drops them. */
    StageClock.Span plain() throws Exception {
        Topics rows = options.logForm() == LogForm.COPIES ? Topics.VALIDATED : Topics.ACTIVATIONS;
        return inThreads(topics.name(rows), this::read);
    }

    /** Reads the activations and produces them again, with their offsets, in transactions. */
    StageClock.Span copy() throws Exception {
        return inThreads(topics.name(Topics.ACTIVATIONS), this::copy);
    }

    private interface Work {
        void run(int thread, Map<TopicPartition, Long> ends);
    }

    private StageClock.Span inThreads(String topic, Work work) throws Exception {
        Map<TopicPartition, Long> ends = topics.ends(topic);
        int threads = Math.min(options.parallelism(), options.shards());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                Map<TopicPartition, Long> own = new HashMap<>(ends);
                own.keySet().removeIf(each -> each.partition() % threads != number);
                tasks.add(
                        () -> {
                            work.run(number, own);
                            return null;
                        });
            }
            StageClock.Mark from = clock.now();
            for (Future<Void> each : pool.invokeAll(tasks)) {
                each.get();
            }
            return new StageClock.Span(from, clock.now());
        } finally {
            pool.shutdownNow();
        }
    }

    private void read(int thread, Map<TopicPartition, Long> ends) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (isBehind(consumer, ends)) {
                consumer.poll(POLL);
            }
        }
    }

    private void copy(int thread, Map<TopicPartition, Long> ends) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                KafkaProducer<byte[], byte[]> producer = producer(thread)) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            producer.initTransactions();
            producer.beginTransaction();
            long begun = System.nanoTime();
            while (isBehind(consumer, ends)) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> each : polled) {
                    producer.send(
                            new ProducerRecord<>(
                                    topics.copyName(),
                                    each.partition(),
                                    each.timestamp(),
                                    each.key(),
                                    each.value()));
                }
                if (System.nanoTime() - begun > COMMIT_NANOS) {
                    commit(consumer, producer);
                    producer.beginTransaction();
                    begun = System.nanoTime();
                }
            }
            commit(consumer, producer);
        }
    }

    private static void commit(
            KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition each : consumer.assignment()) {
            offsets.put(each, new OffsetAndMetadata(consumer.position(each)));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }

    private static boolean isBehind(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> each : ends.entrySet()) {
            if (consumer.position(each.getKey()) < each.getValue()) {
                return true;
            }
        }
        return false;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, topics.prefix() + "plain");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_REQUEST);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer(int thread) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + "copy-" + thread);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * LARGEST_REQUEST);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
