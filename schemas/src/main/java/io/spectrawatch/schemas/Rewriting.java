package io.spectrawatch.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;

/** Writes a record again by another schema of its type. */
final class Rewriting {

    private Rewriting() {}

    /**
     * The record in single-object encoding by the schema {@code to}.
     *
     * @param offset where the body begins that was written by the schema {@code from}
     * @throws IllegalArgumentException if {@code to} cannot hold the content
     */
    static byte[] of(byte[] encoded, int offset, Schema from, Schema to) {
        try {
            GenericRecord record =
                    new InOrder(from, to)
                            .read(
                                    null,
                                    DecoderFactory.get()
                                            .binaryDecoder(
                                                    encoded,
                                                    offset,
                                                    encoded.length - offset,
                                                    null));
            ByteBuffer written =
                    new BinaryMessageEncoder<GenericRecord>(GenericData.get(), to).encode(record);
            byte[] bytes = new byte[written.remaining()];
            written.get(bytes);
            return bytes;
        } catch (IOException | AvroRuntimeException e) {
            throw new IllegalArgumentException(
                    "a "
                            + to.getName()
                            + " with what an earlier release knew expected, found other content: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Keeps the entries of maps in the order in which they were written. */
    private static final class InOrder extends GenericDatumReader<GenericRecord> {

        InOrder(Schema from, Schema to) {
            super(from, to);
        }

        @Override
        protected Object newMap(Object old, int size) {
            return new LinkedHashMap<>(size);
        }
    }
}
