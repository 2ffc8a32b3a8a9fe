package io.spectrawatch.ops.bench;

/**
 * How long is measured. What is compared takes turns, so that all of it meets the same machine.
 *
 * @param nanos length of a turn
 * @param warmUp turns before those that count, for the compiler
 * @param count turns that count
 */
record Turns(long nanos, int warmUp, int count) {

    /** Runs work for a turn and returns the nanoseconds of one run. */
    double nanosPerRun(Clock clock, Runnable work) {
        long runs = 0;
        long start = clock.nanos();
        long spent = 0;
        while (spent < nanos) {
            work.run();
            runs++;
            spent = clock.nanos() - start;
        }
        return (double) spent / runs;
    }
}
