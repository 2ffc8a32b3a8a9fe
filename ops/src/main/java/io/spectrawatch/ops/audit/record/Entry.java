package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record of an output topic, decoded.
 *
 * @param record as it lies in a bundle
 * @param decoded its content
 * @param identity what it is the record of, the same for a replay
 * @param window model/version/part/start of its pane, as users name it
 * @param part layer or interface
 * @param paneStart microseconds; of a score the moment of capture
 * @param paneEnd microseconds, exclusive
 */
public record Entry(
        AuditRecord record,
        Topics topic,
        SpecificRecord decoded,
        String identity,
        String window,
        String model,
        String version,
        String part,
        long paneStart,
        long paneEnd) {

    /** The same record with other content. */
    public Entry with(byte[] value) {
        return new Entry(
                Entries.record(topic, record.getOffset(), Bytes.of(record.getKey()), value),
                topic,
                Wire.decode(value),
                identity,
                window,
                model,
                version,
                part,
                paneStart,
                paneEnd);
    }
}
