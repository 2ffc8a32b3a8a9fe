package io.spectrawatch.ops.bench.pipeline;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param options what was sent
 * @param bytesPerSnapshot bytes of an uncompressed record
 * @param plain a read-committed consumer of the validated log, a thread per subtask
 * @param passThrough a Flink job that reads the log, decodes it and drops it
 * @param copy consumers of the activations that produce the same bytes again, in transactions
 * @param ingest the ingest service
 * @param kernel the sketches of the same rows alone, without broker or job
 * @param sketch the monitor without a baseline
 * @param certified the monitor under a baseline without a detector
 * @param full the monitor under a baseline with everything
 * @param endToEnd ingest and that monitor at once, from the activations on
 * @param sketchCost processor time of sketch over that of kernel and passThrough together
 * @param sketchRatio sketch over passThrough, in rows per second
 * @param certifiedRatio certified over passThrough, in rows per second
 * @param fullRatio full over passThrough, in rows per second
 * @param ingestRatio ingest over copy, in rows per second
 */
public record PipelineReport(
        PipelineOptions options,
        long bytesPerSnapshot,
        StageCost plain,
        StageCost passThrough,
        StageCost copy,
        StageCost ingest,
        StageCost kernel,
        StageCost sketch,
        StageCost certified,
        StageCost full,
        StageCost endToEnd,
        double sketchCost,
        double sketchRatio,
        double certifiedRatio,
        double fullRatio,
        double ingestRatio) {}
