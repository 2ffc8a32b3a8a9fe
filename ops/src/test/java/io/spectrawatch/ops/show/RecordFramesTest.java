package io.spectrawatch.ops.show;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.show.RecordFrames.Frame;
import io.spectrawatch.ops.show.RecordFrames.Framing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values on standard input, and what is none. */
class RecordFramesTest {

    private static RecordFrames of(Framing framing, byte... bytes) {
        return new RecordFrames(new ByteArrayInputStream(bytes), framing);
    }

    private static RecordFrames of(Framing framing, String text) {
        return of(framing, text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void lengthsTellValuesApart() throws IOException {
        RecordFrames frames =
                of(
                        Framing.LENGTH_PREFIXED,
                        new byte[] {0, 0, 0, 2, 8, 9, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 7});
        assertArrayEquals(new byte[] {8, 9}, frames.next().value());
        assertNull(frames.next().value());
        assertArrayEquals(new byte[0], frames.next().value());
        Frame last = frames.next();
        assertArrayEquals(new byte[] {7}, last.value());
        assertEquals(4, last.number());
        assertNull(frames.next());
    }

    @Test
    void whatIsNotFramedSoIsNamed() {
        assertNamed("record 1 of the input: 5 bytes expected, found 2", 0, 0, 0, 5, 1, 2);
        assertNamed("record 1 of the input: it ends within a length", 0, 0);
        assertNamed("found -2", -1, -1, -1, -2);
        assertNamed("kcat writes this form with -f '%R%s'", 'C', 'a', 'f', 'e');
    }

    private static void assertNamed(String named, int... bytes) {
        byte[] input = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            input[i] = (byte) bytes[i];
        }
        IOException refused =
                assertThrows(IOException.class, () -> of(Framing.LENGTH_PREFIXED, input).next());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }

    @Test
    void linesHoldAValueEach() throws IOException {
        RecordFrames hex = of(Framing.HEX, "c301\n\n  FF \r\n");
        assertArrayEquals(new byte[] {(byte) 0xC3, 1}, hex.next().value());
        assertArrayEquals(new byte[] {-1}, hex.next().value());
        assertNull(hex.next());
        assertArrayEquals(new byte[] {1, 2}, of(Framing.BASE64, "AQI=\n").next().value());
        RecordFrames odd = of(Framing.HEX, "c3\nxyz");
        odd.next();
        IOException refused = assertThrows(IOException.class, odd::next);
        assertTrue(refused.getMessage().startsWith("record 2 of the input is no line of hex"));
    }

    @Test
    void everythingIsOneValue() throws IOException {
        RecordFrames raw = of(Framing.RAW, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, raw.next().value());
        assertNull(raw.next());
        assertNull(of(Framing.RAW).next());
    }

    /** Whatever comes is read to its end or refused, with no more memory than a record has. */
    @Test
    void anyInputEndsOrIsRefused() {
        long seed = Long.getLong("spectrawatch.seed", 1);
        Random random = new Random(seed);
        for (int run = 0; run < 1000; run++) {
            byte[] input = new byte[random.nextInt(40)];
            random.nextBytes(input);
            for (Framing framing : Framing.values()) {
                RecordFrames frames = of(framing, input);
                int values = 0;
                try {
                    while (frames.next() != null) {
                        values++;
                    }
                } catch (IOException refused) {
                    assertTrue(!refused.getMessage().isEmpty(), "seed " + seed);
                }
                assertTrue(values <= input.length, "seed " + seed);
            }
        }
    }
}
