package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Reads what Avro's own decoder reads, and fails as it does. */
class ArrayDecoderTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);

    private final Random random = new Random(SEED);

    @Test
    void readsBytesAsAvroDoes() throws IOException {
        for (int run = 0; run < 300; run++) {
            int header = random.nextInt(20);
            byte[] encoded = encoded(header, 1 + random.nextInt(4));
            byte[] cut = Arrays.copyOf(encoded, header + random.nextInt(encoded.length - header));
            for (byte[] each : new byte[][] {encoded, cut}) {
                Decoder avro =
                        DecoderFactory.get()
                                .binaryDecoder(each, header, each.length - header, null);
                String what = "run " + run + ", -Dspectrawatch.seed=" + SEED;
                assertEquals(told(avro), told(new ArrayDecoder(each, header)), what);
            }
        }
    }

    @Test
    void longBytesAreViewsAndShortOnesAreNot() throws IOException {
        for (int length : new int[] {0, 20, 4095, 4096, 100_000}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            encoder.writeBytes(new byte[length]);
            encoder.flush();
            byte[] array = out.toByteArray();

            ByteBuffer read = new ArrayDecoder(array, 0).readBytes(null);

            assertEquals(length, read.remaining());
            if (length >= ArrayDecoder.LEAST_VIEW_BYTES) {
                assertSame(array, read.array());
            } else {
                assertNotSame(array, read.array());
            }
        }
    }

    private byte[] encoded(int header, int fields) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[header]);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        for (int i = 0; i < fields; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? random.nextInt(30) : 9_000];
            random.nextBytes(bytes);
            encoder.writeBytes(bytes);
            encoder.writeString("after " + i);
        }
        encoder.writeBoolean(true);
        // What a length may be that nobody wrote.
        encoder.writeLong(random.nextInt(3) - 1L);
        encoder.writeLong(random.nextLong());
        encoder.flush();
        return out.toByteArray();
    }

    /** All that can be read, and how it ends. */
    private static String told(Decoder decoder) {
        StringBuilder told = new StringBuilder();
        try {
            while (true) {
                ByteBuffer bytes = decoder.readBytes(null);
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                told.append(Arrays.toString(copy)).append(decoder.readString());
            }
        } catch (EOFException | RuntimeException e) {
            return told.append(e.getClass()).append(e.getMessage()).toString();
        } catch (IOException e) {
            return told.append(e).toString();
        }
    }
}
