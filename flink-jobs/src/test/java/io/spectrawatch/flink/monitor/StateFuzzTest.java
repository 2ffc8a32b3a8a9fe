package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.spectrawatch.flink.log.FormContract.Form;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged state and damaged messages between operators: refused with an IllegalStateException, or
 * written again as the same bytes, within memory that their length bounds.
 */
class StateFuzzTest {

    private static final int CASES = 20_000;

    /** A deque of 16 places for a shard of four bytes. */
    private static final long FACTOR = 128;

    /** The last byte of the version, behind the magic. */
    private static final int VERSION_AT = 7;

    private record Rewritten(byte[] before, byte[] after) {}

    /** What is read is written as it was; of an earlier version, as one of this. */
    private static void requireSame(Form form, Rewritten read) {
        boolean earlier = read.before()[VERSION_AT] < form.bytes()[VERSION_AT];
        byte[] expected = earlier ? form.rewrite().apply(read.after()) : read.before();
        assertArrayEquals(expected, read.after());
    }

    static List<Form> forms() {
        return StateGoldenTest.forms().toList();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void damagedStateIsRefusedOrConsistent(Form form) {
        new Fuzz<>(
                        form.name(),
                        StateFuzzTest.class,
                        bytes -> new Rewritten(bytes, form.rewrite().apply(bytes)),
                        Set.of(IllegalStateException.class),
                        read -> requireSame(form, read),
                        FACTOR)
                .run(List.of(form.bytes()), CASES);
    }
}
