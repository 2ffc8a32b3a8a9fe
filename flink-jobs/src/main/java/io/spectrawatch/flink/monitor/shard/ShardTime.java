package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * The time of a shard's ticks, so that the source reads no shard far ahead of another one: closed
 * panes wait in memory for the slowest shard. It decides when records are read, never what becomes
 * of them.
 */
public final class ShardTime implements WatermarkGenerator<ShardRecord> {

    private static final String GROUP = "shards";
    private static final Duration UPDATE_INTERVAL = Duration.ofMillis(500);
    private static final long MICROS_PER_MILLI = 1000;
    private static final String TICK = Tick.getClassSchema().getFullName();

    private long time = Long.MIN_VALUE;

    private ShardTime() {}

    public static WatermarkStrategy<ShardRecord> aligned(long driftMillis) {
        return WatermarkStrategy.<ShardRecord>forGenerator(context -> new ShardTime())
                .withWatermarkAlignment(GROUP, Duration.ofMillis(driftMillis), UPDATE_INTERVAL);
    }

    @Override
    public void onEvent(ShardRecord record, long eventTimestamp, WatermarkOutput output) {
        if (!Wire.isA(record.value(), TICK)) {
            return;
        }
        try {
            Tick tick = Wire.decode(record.value(), Tick.class);
            time = Math.max(time, Math.floorDiv(tick.getTime(), MICROS_PER_MILLI));
        } catch (WireException e) {
            // The operator says so where it counts.
            return;
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        if (time > Long.MIN_VALUE) {
            output.emitWatermark(new Watermark(time));
        }
    }
}
