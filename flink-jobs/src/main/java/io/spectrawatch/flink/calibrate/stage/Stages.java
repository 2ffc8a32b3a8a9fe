package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.calibrate.config.CalibrationException;
import java.util.List;

/** Runs the bounded stages of a calibration, each over all records of the range. */
public interface Stages {

    /**
     * Runs one stage: a consumer per shard, then merges of what they say.
     *
     * @param name of the stage, for people
     * @return what the merges hand on
     * @throws CalibrationException if the stage fails
     */
    List<byte[]> run(String name, ShardConsumer.Factory shards, Merge.Factory merges)
            throws CalibrationException, InterruptedException;
}
