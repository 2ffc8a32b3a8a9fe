package io.spectrawatch.flink.calibrate.stage;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Merge slots: fixed keys over which the merging of shards is spread. */
public final class Slots {

    public static final int COUNT = 32;

    private Slots() {}

    /** CRC-32C of the name, the same in every run and on every machine. */
    public static int of(String name) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % COUNT);
    }
}
