package io.spectrawatch.schemas;

import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;

/**
 * A snapshot of the validated log, and the moment by which it is put into a pane.
 *
 * <p>That is its capture time, unless its pane was closed when ingest read it: then ingest has
 * written it as a {@link LateSnapshot}, with a moment of the oldest pane that was open.
 *
 * @param countedAt microseconds since the epoch
 */
public record LoggedSnapshot(ActivationSnapshot snapshot, long countedAt) {

    private static final String IN_TIME = ActivationSnapshot.getClassSchema().getFullName();
    private static final String LATE = LateSnapshot.getClassSchema().getFullName();
    private static final String VERDICT = AcceptedSnapshot.getClassSchema().getFullName();

    /** A snapshot that counts when it was captured. */
    public static LoggedSnapshot inTime(ActivationSnapshot snapshot) {
        return new LoggedSnapshot(snapshot, snapshot.getCapturedAt());
    }

    /** Whether it counts at another moment than that of its capture. */
    public boolean isLate() {
        return countedAt != snapshot.getCapturedAt();
    }

    /**
     * What a decoded record of the log is as a snapshot; null if it is something else.
     *
     * @throws WireException if it is a late snapshot that holds none
     */
    public static LoggedSnapshot of(SpecificRecord decoded) {
        if (decoded instanceof ActivationSnapshot snapshot) {
            return inTime(snapshot);
        }
        if (decoded instanceof LateSnapshot late) {
            return new LoggedSnapshot(
                    Wire.decode(bytes(late.getSnapshot()), ActivationSnapshot.class),
                    late.getCountedAt());
        }
        return null;
    }

    /** Whether a record's value claims to be a snapshot, judged by its header alone. */
    public static boolean isOne(byte[] value) {
        return Wire.isA(value, IN_TIME) || Wire.isA(value, LATE);
    }

    /** Whether a record's value claims to be a verdict that leads to one, judged likewise. */
    public static boolean isVerdict(byte[] value) {
        return Wire.isA(value, VERDICT);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
