package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Stands where a job in this process takes what it has read, and notes when the first snapshot
 * passes and when the last one does: in one task with what follows, so the one before has been
 * taken when the next one passes. It puts an activation before the first record of each shard where
 * a baseline is to be in force.
 */
final class Passage implements FlatMapFunction<ShardRecord, ShardRecord> {

    private static final long serialVersionUID = 1L;
    private static final long NO_OFFSET = -1;
    private static final String TICK = Tick.getClassSchema().getFullName();
    private static final String ACTIVATE = Activate.getClassSchema().getFullName();

    /** Of the job that runs: all subtasks are in this process, and one job runs at a time. */
    private static volatile Meter current;

    private final byte[] activation;
    private transient Set<Integer> begun;
    private transient Set<Integer> opened;
    private transient boolean opening;
    private transient long before;

    /**
     * @param activation an encoded Activate; null for none
     */
    Passage(byte[] activation) {
        this.activation = activation;
    }

    /** Counts what passes. */
    static final class Meter {
        private final StageClock clock;
        private final long expected;
        private final AtomicLong passed = new AtomicLong();
        private final AtomicLong longestPause = new AtomicLong();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile StageClock.Mark first;
        private volatile StageClock.Mark last;

        private Meter(StageClock clock, long expected) {
            this.clock = clock;
            this.expected = expected;
        }

        private void count() {
            long number = passed.incrementAndGet();
            if (number == 1) {
                first = clock.now();
            }
            if (number == expected) {
                last = clock.now();
                done.countDown();
            }
        }

        /**
         * Longest time between two snapshots of one subtask, but for the first of a shard, for
         * which sketches are opened.
         */
        long longestPauseNanos() {
            return longestPause.get();
        }

        /** Whether all snapshots have passed. */
        boolean isDone() {
            return done.getCount() == 0;
        }

        /**
         * From the first snapshot to the last.
         *
         * @throws IllegalStateException if not all have passed
         */
        StageClock.Span span() {
            if (!isDone()) {
                throw new IllegalStateException(
                        "the job ended after " + passed.get() + " of " + expected + " snapshots");
            }
            return new StageClock.Span(first, last);
        }

        StageClock.Mark last() {
            return last;
        }
    }

    /** Begins to count, for the job that is started next. */
    static Meter expect(long snapshots, StageClock clock) {
        Meter meter = new Meter(clock, snapshots);
        current = meter;
        return meter;
    }

    @Override
    public void flatMap(ShardRecord record, Collector<ShardRecord> out) {
        if (begun == null) {
            begun = new HashSet<>();
            opened = new HashSet<>();
        }
        if (activation != null && begun.add(record.shard())) {
            out.collect(new ShardRecord(record.shard(), NO_OFFSET, activation));
        }
        if (!Wire.isA(record.value(), TICK) && !Wire.isA(record.value(), ACTIVATE)) {
            count(record.shard());
        }
        out.collect(record);
    }

    private void count(int shard) {
        long now = System.nanoTime();
        if (before != 0 && !opening) {
            current.longestPause.accumulateAndGet(now - before, Math::max);
        }
        before = now;
        opening = opened.add(shard);
        current.count();
    }
}
