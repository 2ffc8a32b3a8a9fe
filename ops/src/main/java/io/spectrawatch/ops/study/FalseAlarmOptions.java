package io.spectrawatch.ops.study;

/**
 * How false alarms are counted.
 *
 * @param glosses noun definitions the model reads; a fifth of them gives the windows
 * @param windowRank directions of a window
 * @param groups equal blocks of output channels
 * @param textsPerBlock texts of the blocks that panes are drawn from, a multiple of 8
 * @param runs runs, spread over the interfaces
 * @param panes pooled panes of a run
 * @param poolRows rows of a pooled pane to begin with
 * @param alpha false-alarm level of a run, both tests together
 * @param seed of the splits and draws
 * @param threads runs at a time; the results do not depend on it
 */
public record FalseAlarmOptions(
        int glosses,
        int windowRank,
        int groups,
        int textsPerBlock,
        int runs,
        int panes,
        long poolRows,
        double alpha,
        long seed,
        int threads) {
    /** Checks the ranges. */
    public FalseAlarmOptions {
        if (glosses < 400
                || windowRank < 1
                || groups < 1
                || textsPerBlock < 8
                || textsPerBlock % 8 != 0
                || runs < 1
                || panes < 1
                || poolRows < 4
                || threads < 1) {
            throw new IllegalArgumentException(
                    "false alarms: glosses from 400, rank, groups, runs, panes and threads from 1,"
                            + " texts per block a multiple of 8 and pool rows from 4 expected");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    "false alarms: alpha in (0, 1) expected, found " + alpha);
        }
    }

    /** Returns 400 runs of 5,000 panes at alpha = 0.05 over all noun definitions. */
    public static FalseAlarmOptions full() {
        return new FalseAlarmOptions(82_000, 32, 8, 32, 400, 5_000, 10_000, 0.05, 1, 1);
    }
}
