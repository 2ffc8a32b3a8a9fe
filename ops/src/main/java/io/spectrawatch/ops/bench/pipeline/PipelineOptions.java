package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.tensor.ElementType;

/**
 * What is sent through the pipeline, and how it runs.
 *
 * @param columns d of every layer, at least 2
 * @param layers layers of a snapshot, at least 2
 * @param rowsPerSnapshot rows of each layer, a multiple of rowsPerSample
 * @param rowsPerSample rows that belong to one sample, in their order
 * @param snapshots snapshots measured, at least 1
 * @param elementType how the rows are encoded
 * @param shards partitions of the log
 * @param parallelism threads of ingest, and subtasks of the jobs
 * @param logForm what the log holds for an accepted snapshot
 * @param models that send in turns; a baseline is the first one's
 * @param seed of the rows
 */
public record PipelineOptions(
        int columns,
        int layers,
        int rowsPerSnapshot,
        int rowsPerSample,
        int snapshots,
        ElementType elementType,
        int shards,
        int parallelism,
        LogForm logForm,
        int models,
        long seed) {

    /** For ids, names and the encoding's own bytes. */
    private static final int REST_BYTES = 64 * 1024;

    /** Checks the sizes. */
    public PipelineOptions {
        atLeast("columns", columns, 2);
        atLeast("layers", layers, 2);
        atLeast("rows per sample", rowsPerSample, 1);
        atLeast("rows per snapshot", rowsPerSnapshot, 1);
        atLeast("snapshots", snapshots, 1);
        atLeast("shards", shards, 1);
        atLeast("parallelism", parallelism, 1);
        atLeast("models", models, 1);
        if (rowsPerSnapshot % rowsPerSample != 0) {
            throw new IllegalArgumentException(
                    "rows per snapshot must be a multiple of the "
                            + rowsPerSample
                            + " rows per sample, found "
                            + rowsPerSnapshot);
        }
        long bytes = (long) columns * layers * rowsPerSnapshot * elementType.bytes();
        if (bytes > Topics.MAX_RECORD_BYTES - REST_BYTES) {
            throw new IllegalArgumentException(
                    "a snapshot may have "
                            + (Topics.MAX_RECORD_BYTES - REST_BYTES)
                            + " bytes of rows, found "
                            + bytes
                            + "; take fewer rows per snapshot");
        }
    }

    private static void atLeast(String what, int found, int least) {
        if (found < least) {
            throw new IllegalArgumentException(
                    what + " must be at least " + least + ", found " + found);
        }
    }

    /**
     * Makes sure that a baseline with a detector can be calibrated from such snapshots.
     *
     * @return these options
     * @throws IllegalArgumentException if this process's heap has no room for the samples
     */
    public PipelineOptions calibrated() {
        BenchBaselines.requireRoom(this);
        return this;
    }

    int samplesPerSnapshot() {
        return rowsPerSnapshot / rowsPerSample;
    }

    /** Rows of a layer in so many snapshots, counted once for each layer. */
    long rows(long count) {
        return count * rowsPerSnapshot * layers;
    }
}
