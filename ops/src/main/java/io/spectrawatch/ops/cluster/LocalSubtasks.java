package io.spectrawatch.ops.cluster;

/** How many subtasks the operators of a job in this process have. */
public final class LocalSubtasks {

    private LocalSubtasks() {}

    /**
     * @param wanted as the setting {@code parallelism} says; 0 for one per processor
     * @param shards of the log; what is more of subtasks than of these has nothing to do
     */
    public static int of(int wanted, int shards) {
        return wanted > 0 ? wanted : Math.min(Runtime.getRuntime().availableProcessors(), shards);
    }
}
