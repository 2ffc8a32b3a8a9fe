package io.spectrawatch.ingest.capture;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Snapshots between the model and the broker, bounded by count and bytes.
 *
 * <p>A snapshot takes its room when it is put in and gives it back when the broker has answered,
 * not when it is taken out to be sent.
 *
 * @param <T> what travels
 */
final class SendBuffer<T> {

    private final int maxCount;
    private final long maxBytes;
    private final Deque<T> waiting = new ArrayDeque<>();
    private int count;
    private long bytes;
    private boolean closed;

    SendBuffer(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** Puts in if there is room; never waits. */
    synchronized boolean offer(T item, int size) {
        requireOpen();
        if (!fits(size)) {
            return false;
        }
        add(item, size);
        return true;
    }

    /** Waits for room. */
    synchronized void put(T item, int size) throws InterruptedException {
        requireOpen();
        while (!fits(size)) {
            wait();
            requireOpen();
        }
        add(item, size);
    }

    /** Waits for an item; null when the buffer is closed and nothing waits any more. */
    synchronized T take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        return waiting.pollFirst();
    }

    synchronized void release(int size) {
        count--;
        bytes -= size;
        notifyAll();
    }

    /** Lets no more in. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** What was never taken out; empties the buffer. */
    synchronized Deque<T> drain() {
        Deque<T> rest = new ArrayDeque<>(waiting);
        waiting.clear();
        return rest;
    }

    synchronized long bytes() {
        return bytes;
    }

    private boolean fits(int size) {
        return count < maxCount && bytes + size <= maxBytes;
    }

    private void add(T item, int size) {
        waiting.addLast(item);
        count++;
        bytes += size;
        notifyAll();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the publisher is closed");
        }
    }
}
