package io.spectrawatch.ops.bench.pipeline;

import java.util.List;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param columns of a row
 * @param rowsPerSnapshot of each layer
 * @param runs in the order in which they ran
 */
public record ScaleReport(int columns, int rowsPerSnapshot, List<Run> runs) {

    /**
     * One run.
     *
     * @param varied layers, shards or models
     * @param number of them
     * @param snapshots that were sent
     * @param sketches that were published, one for each layer, model and pane
     * @param ingest what ingest took
     * @param sketch what the monitor took without a baseline
     * @param overFirst processor time of both per row of a layer, over that of the first of what is
     *     varied
     */
    public record Run(
            String varied,
            int number,
            int snapshots,
            long sketches,
            StageCost ingest,
            StageCost sketch,
            double overFirst) {

        /** Of both processes, per million rows of a layer. */
        public double cpuSecondsPerMillionRows() {
            return ingest.cpuSecondsPerMillionRows() + sketch.cpuSecondsPerMillionRows();
        }
    }
}
