package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.log.SpreadKeys;

/** Merge slots: fixed keys over which the merging of shards is spread. */
public final class Slots {

    public static final int COUNT = 32;

    private Slots() {}

    /** The slot of a name. */
    public static int of(String name) {
        return SpreadKeys.slotOf(name, COUNT);
    }
}
