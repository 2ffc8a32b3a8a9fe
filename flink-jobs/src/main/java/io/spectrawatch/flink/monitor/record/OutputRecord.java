package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;

/**
 * One encoded record for a topic of the catalogue.
 *
 * @param topic where it goes
 * @param key UTF-8 of the record's key, such as {@code model/version/layer}
 * @param value the record in single-object encoding
 * @param timestamp end of the pane, or for scores of the sample, in milliseconds: event time, so
 *     that a replay writes the same record
 */
public record OutputRecord(Topics topic, byte[] key, byte[] value, long timestamp) {

    private static final long MICROS_PER_MILLI = 1000;

    /**
     * Encodes a record.
     *
     * @param key as {@link Topics#key} joins it
     * @param micros its event time, microseconds
     */
    public static OutputRecord of(Topics topic, String key, SpecificRecord record, long micros) {
        return new OutputRecord(
                topic,
                key.getBytes(StandardCharsets.UTF_8),
                Wire.encode(record),
                Math.floorDiv(micros, MICROS_PER_MILLI));
    }
}
