package io.spectrawatch.ops.demo.stack;

import java.nio.file.Path;

/**
 * What the demo does.
 *
 * @param snapshots forward passes to capture
 * @param sentences sentences per forward pass
 * @param exitWhenDone end after the last pane instead of serving until stopped
 * @param folder where broker data and checkpoints go; null for a temporary folder that is removed
 * @param metricsPort port of /metrics on the loopback address, 0 for a free one
 * @param webPort port of Flink's web interface, 0 for a free one
 * @param metricsFile where the last scrape is kept; null for nowhere
 * @param seed order of the sentences
 * @param auditBundle where the run's own audit is kept; null for no audit
 */
public record DemoOptions(
        int snapshots,
        int sentences,
        boolean exitWhenDone,
        Path folder,
        int metricsPort,
        int webPort,
        Path metricsFile,
        long seed,
        Path auditBundle) {

    /** Checks the numbers. */
    public DemoOptions {
        requireAtLeast("snapshots", 1, snapshots);
        requireAtLeast("sentences", 1, sentences);
    }

    private static void requireAtLeast(String what, int least, int found) {
        if (found < least) {
            throw new IllegalArgumentException(
                    what + " must be at least " + least + ", found " + found);
        }
    }
}
