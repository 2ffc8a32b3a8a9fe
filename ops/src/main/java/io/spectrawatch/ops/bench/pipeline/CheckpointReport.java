package io.spectrawatch.ops.bench.pipeline;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param options what was sent
 * @param intervalMillis from checkpoint to checkpoint
 * @param memoryBudget of the monitor's sketches, as its setting
 * @param stateBytes most bytes that lay in the folder of checkpoints at a time: of one, or of two
 *     where the next one was being written
 * @param without the monitor without a checkpoint while it read
 * @param with the same with checkpoints
 */
public record CheckpointReport(
        PipelineOptions options,
        long intervalMillis,
        String memoryBudget,
        long stateBytes,
        Run without,
        Run with) {

    /**
     * One run over the same log.
     *
     * @param rowsPerSecond rows of a layer per second
     * @param longestPauseMillis longest time from one snapshot to the next one that a subtask took,
     *     in milliseconds: sketching it and whatever else; but for the first of each shard, for
     *     which sketches are opened
     */
    public record Run(double rowsPerSecond, double longestPauseMillis) {}
}
