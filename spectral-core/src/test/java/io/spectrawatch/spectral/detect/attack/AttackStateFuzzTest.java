package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged states of the alert on the stream, with the checksum of the first test made right. */
class AttackStateFuzzTest {
    private static final int CASES = 20_000;
    private static final long FACTOR = 32;

    private record Read(byte[] bytes, AttackState state) {}

    @Test
    void damagedStatesAreRefusedOrUsable() throws IOException {
        byte[] empty = AttackState.start("b", AttackOptions.defaults()).toBytes();
        new Fuzz<>(
                        "attack-state",
                        AttackStateFuzzTest.class,
                        bytes -> new Read(bytes, AttackState.fromBytes(bytes)),
                        Set.of(IllegalArgumentException.class),
                        AttackStateFuzzTest::check,
                        FACTOR)
                .repairing(AttackStateFuzzTest::withChecksums)
                .run(List.of(golden("1"), golden("2"), empty), CASES);
    }

    private static byte[] golden(String version) throws IOException {
        String name = "/golden/attack-state-v" + version + ".bin";
        try (InputStream in = AttackStateFuzzTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static void check(Read read) {
        assertArrayEquals(read.bytes(), read.state().toBytes());
        AttackState before = read.state();
        PaneExceedances pane =
                new PaneExceedances(9, 4, List.of(new HeavyHitters.Entry("new", 9, 9, 4)));
        AttackState after;
        try {
            after = before.observe(pane, AttackOptions.defaults()).state();
        } catch (ArithmeticException e) {
            // A counter at its end says so.
            return;
        }
        assertEquals(before.baselineId(), after.baselineId());
        assertArrayEquals(after.toBytes(), AttackState.fromBytes(after.toBytes()).toBytes());
    }

    /** Walks the form and repairs each test that is still where its length says. */
    private static byte[] withChecksums(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        // The first version had no standings.
        int standing = bytes.length > 7 && bytes[7] == 1 ? 0 : Double.BYTES;
        if (skip(in, 2 * Integer.BYTES) && in.remaining() >= Short.BYTES) {
            if (skip(in, Short.toUnsignedInt(in.getShort())) && repairTest(in, bytes)) {
                boolean whole = skip(in, Long.BYTES + 2 * Integer.BYTES + standing);
                while (whole && in.remaining() >= Integer.BYTES) {
                    whole =
                            skip(in, in.getInt())
                                    && skip(in, Long.BYTES + Integer.BYTES)
                                    && repairTest(in, bytes)
                                    && skip(in, standing);
                }
            }
        }
        return bytes;
    }

    private static boolean repairTest(ByteBuffer in, byte[] bytes) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        int start = in.position();
        if (!skip(in, length)) {
            return false;
        }
        byte[] test = new byte[length];
        System.arraycopy(bytes, start, test, 0, length);
        System.arraycopy(Fuzz.withChecksum(test), 0, bytes, start, length);
        return skip(in, 1 + Integer.BYTES);
    }

    private static boolean skip(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining()) {
            return false;
        }
        in.position(in.position() + count);
        return true;
    }
}
