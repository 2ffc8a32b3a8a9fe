package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import java.io.Serializable;
import java.util.function.Consumer;

/** What one stage makes of the records of one shard, taken in the order of the log. */
public interface ShardConsumer extends AutoCloseable {

    /** Takes a checked snapshot of any model. */
    void snapshot(LoggedSnapshot logged);

    /** Takes a tick. */
    void tick(Tick tick, Consumer<CalibrationMessage> out);

    /** Notes that a record could not be taken. */
    void leftOut();

    /** Says the rest; nothing follows. */
    void end(Consumer<CalibrationMessage> out);

    @Override
    void close();

    /** Makes the consumer of a shard on the machine where it runs. */
    interface Factory extends Serializable {
        ShardConsumer create(int shard, CalibrationTools tools);
    }
}
