package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ops.topic.CommittedReader;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** Sends snapshots by the clock, in a thread of its own, and waits for their scores. */
final class LatencyProbe {

    /** What stands in the topic beside the evidence of panes. */
    private static final String SCORES = SampleScores.getClassSchema().getFullName();

    private static final Duration POLL = Duration.ofMillis(10);
    private static final long STALL_NANOS = 120_000_000_000L;

    private final BenchRig rig;
    private final BenchTopics topics;
    private final BenchSnapshots source;
    private final long stepNanos;
    private final int warmUp;
    private final int all;
    private final AtomicLongArray sent;
    private StageClock.Mark from;
    private StageClock.Mark to;

    /**
     * @param rate snapshots per second
     * @param warmUp snapshots that do not count
     * @param counted snapshots after them that do
     */
    LatencyProbe(
            BenchRig rig,
            BenchTopics topics,
            BenchSnapshots source,
            double rate,
            int warmUp,
            int counted) {
        this.rig = rig;
        this.topics = topics;
        this.source = source;
        this.stepNanos = (long) (1e9 / rate);
        this.warmUp = warmUp;
        this.all = warmUp + counted;
        this.sent = new AtomicLongArray(all);
    }

    /** From the first snapshot that counts to the last score. */
    StageClock.Span span() {
        return new StageClock.Span(from, to);
    }

    /**
     * Sends and waits.
     *
     * @return for each sample that counts the nanoseconds until its score was visible
     * @throws IOException if scores stop coming
     */
    long[] run(JobStages.Check check) throws Exception {
        Thread sender = new Thread(this::send, "latency-sender");
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedReader.open(rig.client(), "none")) {
            List<TopicPartition> scores =
                    consumer.partitionsFor(topics.name(Topics.SCORES)).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            consumer.assign(scores);
            consumer.seekToBeginning(scores);
            sender.start();
            return await(consumer, check);
        } finally {
            sender.interrupt();
            sender.join();
        }
    }

    private long[] await(KafkaConsumer<byte[], byte[]> consumer, JobStages.Check check)
            throws Exception {
        int each = rig.options().samplesPerSnapshot();
        long[] nanos = new long[(all - warmUp) * each];
        int seen = 0;
        int counted = 0;
        long deadline = System.nanoTime() + STALL_NANOS;
        while (seen < all * each) {
            check.run();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                long now = System.nanoTime();
                if (!Wire.isA(record.value(), SCORES)) {
                    continue;
                }
                int snapshot = snapshotOf(record.value());
                seen++;
                if (snapshot >= warmUp) {
                    nanos[counted++] = now - sent.get(snapshot);
                }
                deadline = now + STALL_NANOS;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "scores stand still at " + seen + " of " + (long) all * each + " samples");
            }
        }
        to = rig.clock().now();
        return nanos;
    }

    /** Sample ids begin with the number of their snapshot. */
    private static int snapshotOf(byte[] scores) {
        String sample = Wire.decode(scores, SampleScores.class).getSampleId();
        return Integer.parseInt(sample.substring(0, sample.indexOf('-')));
    }

    private void send() {
        try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
            long start = System.nanoTime();
            for (int i = 0; i < all; i++) {
                long due = start + i * stepNanos;
                while (System.nanoTime() < due) {
                    Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                }
                if (i == warmUp) {
                    from = rig.clock().now();
                }
                sent.set(i, System.nanoTime());
                producer.send(topics.record(source, i, System.currentTimeMillis() * 1000));
            }
        } catch (InterruptedException e) {
            // nobody waits for the rest
            Thread.currentThread().interrupt();
        }
    }
}
