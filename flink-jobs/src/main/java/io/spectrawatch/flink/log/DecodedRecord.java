package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a record of the validated log says.
 *
 * @param value null if it cannot be decoded
 * @param snapshot the record as a snapshot, null if it is something else
 * @param refusal why the log should not hold it, null for a snapshot, a tick or an activation
 */
public record DecodedRecord(SpecificRecord value, LoggedSnapshot snapshot, String refusal) {

    /**
     * Decodes a record.
     *
     * @throws IllegalStateException if only a later release knows its schema: to leave it out would
     *     give wrong results; the message says where it is
     */
    public static DecodedRecord of(ShardRecord record) {
        try {
            SpecificRecord value = Wire.decode(record.value());
            LoggedSnapshot snapshot = LoggedSnapshot.of(value);
            if (value instanceof AcceptedSnapshot verdict) {
                return new DecodedRecord(value, null, lost(verdict));
            }
            boolean belongs =
                    snapshot != null || value instanceof Tick || value instanceof Activate;
            return new DecodedRecord(value, snapshot, belongs ? null : misplaced(value));
        } catch (WireException e) {
            if (e.reason() == RejectionReason.UNKNOWN_SCHEMA) {
                throw new IllegalStateException(
                        record.at()
                                + e.getMessage()
                                + "; a later release wrote it, upgrade this job first",
                        e);
            }
            return new DecodedRecord(null, null, e.getMessage());
        }
    }

    private static String lost(AcceptedSnapshot verdict) {
        return "the accepted snapshot is gone from partition "
                + verdict.getShard()
                + " of the activations topic, offset "
                + verdict.getOffset()
                + ", or no longer the one that was accepted";
    }

    private static String misplaced(SpecificRecord value) {
        return "a " + value.getSchema().getName() + " does not belong into the validated log";
    }
}
