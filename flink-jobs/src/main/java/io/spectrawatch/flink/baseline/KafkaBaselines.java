package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads baselines from the baselines topic, verifies them by their hash and keeps the last few for
 * all subtasks of the process.
 *
 * <p>A load reads the topic from its beginning and waits at its end until the baseline is complete
 * or the time is up. Ids are content addresses, so what is kept never becomes stale.
 */
public final class KafkaBaselines implements BaselineSource {

    private static final long serialVersionUID = 1L;

    /** A model needs one baseline and for a switch two; this is room for two models. */
    private static final int KEPT = 4;

    private static final Map<String, byte[]> CACHE = Collections.synchronizedMap(new Newest());

    /** Subtasks that want the same baseline wait for one load; other baselines go on. */
    private static final Map<String, ReentrantLock> LOADING = new ConcurrentHashMap<>();

    private final HashMap<String, Object> client;
    private final String topic;
    private final Duration timeout;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them; serialisable
     * @param topicPrefix prefix of the topics' names
     * @param timeout how long a load waits for a baseline to be complete
     */
    public KafkaBaselines(Map<String, ?> client, String topicPrefix, Duration timeout) {
        this.client = new HashMap<>(client);
        this.topic = Topics.BASELINES.topicName(topicPrefix);
        this.timeout = timeout;
    }

    @Override
    public byte[] load(String baselineId) throws IOException {
        byte[] kept = CACHE.get(baselineId);
        return (kept == null ? loadOnce(baselineId) : kept).clone();
    }

    /**
     * Reads a baseline from the topic again, whether it is kept or not.
     *
     * @throws BaselineException as {@link #load} does
     */
    public void verify(String baselineId) throws IOException {
        read(baselineId);
    }

    private byte[] loadOnce(String baselineId) throws IOException {
        ReentrantLock lock = LOADING.computeIfAbsent(baselineId, id -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + baselineId);
        }
        try {
            byte[] kept = CACHE.get(baselineId);
            if (kept == null) {
                kept = read(baselineId);
                CACHE.put(baselineId, kept);
            }
            return kept;
        } finally {
            lock.unlock();
        }
    }

    private byte[] read(String baselineId) throws IOException {
        BaselineAssembly assembly = new BaselineAssembly(baselineId);
        long deadline = System.nanoTime() + timeout.toNanos();
        try (TopicScan scan = new TopicScan(client, topic)) {
            scan.seekToBeginning();
            while (true) {
                // What is already in the topic is read however long that takes.
                boolean atEnd = scan.reached(scan.ends());
                byte[] whole = assembly.whole();
                if (whole != null) {
                    return whole;
                }
                if (atEnd) {
                    stopIfHopeless(assembly.problem(topic), deadline);
                }
                scan.poll(record -> assembly.accept(record.key(), record.value()));
            }
        }
    }

    /** Missing pieces may still come; nobody mends damaged ones unasked. */
    private static void stopIfHopeless(BaselineException problem, long deadline)
            throws BaselineException {
        boolean damaged =
                problem.reason() == BaselineException.Reason.CORRUPT
                        || problem.reason() == BaselineException.Reason.UNREADABLE;
        if (damaged || System.nanoTime() - deadline > 0) {
            throw problem;
        }
    }

    /** Forgets the baseline that was used longest ago. */
    private static final class Newest extends LinkedHashMap<String, byte[]> {
        private static final long serialVersionUID = 1L;

        Newest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > KEPT;
        }
    }
}
