package io.spectrawatch.flink.blob;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Loads blobs from their topic, verifies them by their hash and keeps the last few for all threads
 * of the process.
 *
 * <p>A load reads the topic from its beginning and waits at its end until the blob is complete or
 * the time is up. Hashes are content addresses, so what is kept never becomes stale.
 */
public final class BlobReader implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A model needs one baseline, for a switch two, and a head while it is calibrated. */
    private static final int KEPT = 4;

    private static final Map<String, byte[]> CACHE = Collections.synchronizedMap(new Newest());

    /** Subtasks that want the same blob wait for one load; other blobs go on. */
    private static final Map<String, ReentrantLock> LOADING = new ConcurrentHashMap<>();

    private final HashMap<String, Object> client;
    private final BlobTopic topic;
    private final String topicName;
    private final Duration timeout;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them; serialisable
     * @param topicPrefix prefix of the topics' names
     * @param timeout how long a load waits for a blob to be complete
     */
    public BlobReader(
            Map<String, ?> client, String topicPrefix, BlobTopic topic, Duration timeout) {
        this.client = new HashMap<>(client);
        this.topic = topic;
        this.topicName = topic.topicName(topicPrefix);
        this.timeout = timeout;
    }

    /**
     * Returns a blob; not a copy, it must not be changed.
     *
     * @param hash SHA-256 in hex, 64 lower-case digits
     * @param entryKey key of its entry
     * @throws BlobException if there is no such blob in time, or it is damaged; the reason tells
     *     which
     * @throws InterruptedIOException if the thread is interrupted; it stays so
     * @throws IOException if the topic cannot be read
     */
    public byte[] load(String hash, String entryKey) throws IOException {
        byte[] kept = CACHE.get(hash);
        return kept == null ? loadOnce(hash, entryKey) : kept;
    }

    private byte[] loadOnce(String hash, String entryKey) throws IOException {
        ReentrantLock lock = LOADING.computeIfAbsent(hash, id -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + hash);
        }
        try {
            byte[] kept = CACHE.get(hash);
            if (kept == null) {
                kept = read(hash, entryKey);
                CACHE.put(hash, kept);
            }
            return kept;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads a blob from the topic again, whether it is kept or not.
     *
     * @throws BlobException as {@link #load} does
     */
    public byte[] read(String hash, String entryKey) throws IOException {
        BlobAssembly assembly = new BlobAssembly(topic, hash, entryKey);
        long deadline = System.nanoTime() + timeout.toNanos();
        try (TopicScan scan = new TopicScan(client, topicName)) {
            scan.seekToBeginning();
            while (true) {
                // What is already in the topic is read however long that takes.
                boolean atEnd = scan.reached(scan.ends());
                byte[] whole = assembly.whole();
                if (whole != null) {
                    return whole;
                }
                if (atEnd) {
                    stopIfHopeless(assembly.problem(topicName), deadline);
                }
                scan.poll(record -> assembly.accept(record.key(), record.value()));
            }
        }
    }

    /** Missing pieces may still come; nobody mends damaged ones unasked. */
    private static void stopIfHopeless(BlobException problem, long deadline) throws BlobException {
        boolean damaged =
                problem.reason() == BlobException.Reason.CORRUPT
                        || problem.reason() == BlobException.Reason.UNREADABLE;
        if (damaged || System.nanoTime() - deadline > 0) {
            throw problem;
        }
    }

    /** Forgets the blob that was used longest ago. */
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
