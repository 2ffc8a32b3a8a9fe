package io.spectrawatch.ops;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;

/**
 * Snapshots in the bytes of version 1, from which the fixtures and recordings were made. All that a
 * later version adds stands behind what it knew.
 */
public final class FirstSnapshots {

    private static final Schema FIRST = schema();

    /** Before the fingerprint of the schema. */
    private static final int MARKER_BYTES = 2;

    private FirstSnapshots() {}

    public static byte[] encode(ActivationSnapshot snapshot) {
        try {
            ByteBuffer encoded =
                    new BinaryMessageEncoder<ActivationSnapshot>(
                                    SpecificData.getForSchema(FIRST), FIRST)
                            .encode(snapshot);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether bytes are those of such a snapshot. */
    public static boolean isOne(byte[] encoded) {
        long fingerprint =
                ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getLong(MARKER_BYTES);
        return fingerprint == Wire.fingerprint(FIRST);
    }

    private static Schema schema() {
        String file = "/history/ActivationSnapshot/1.avsc";
        try (InputStream in = Wire.class.getResourceAsStream(file)) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
