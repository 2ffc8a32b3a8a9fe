package io.spectrawatch.flink.calibrate.stage;

import java.io.Serializable;
import java.util.function.Consumer;

/** Puts together what the shards say about the parts of some slots. */
public interface Merge extends AutoCloseable {

    /** Takes a payload; those of one shard come in its order. */
    void accept(byte[] payload);

    /** Hands on the results, in the order of their names. */
    void end(Consumer<byte[]> out);

    @Override
    void close();

    /** Makes a merge on the machine where it runs. */
    interface Factory extends Serializable {
        Merge create(CalibrationTools tools);
    }
}
