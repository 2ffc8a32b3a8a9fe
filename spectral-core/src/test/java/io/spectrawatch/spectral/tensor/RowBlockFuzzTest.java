package io.spectrawatch.spectral.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged row blocks. */
class RowBlockFuzzTest {
    private static final int CASES = 20_000;
    private static final int CAPACITY = 4;
    private static final int DIMENSION = 3;

    /** fp64 beside FLOAT16, and both kept. */
    private static final long FACTOR = 16;

    private record Read(byte[] bytes, RowBlock block) {}

    @Test
    void damagedBlocksAreRefusedOrValid() {
        RowBlock wide = new RowBlock(CAPACITY, DIMENSION);
        wide.append(new double[] {1, 2, 3});
        RowBlock half = new RowBlock(CAPACITY, DIMENSION);
        half.append(ByteBuffer.allocate(24), ElementType.BFLOAT16, 0, 4);
        RowBlock empty = new RowBlock(CAPACITY, DIMENSION);
        new Fuzz<>(
                        "row-block",
                        RowBlockFuzzTest.class,
                        bytes -> new Read(bytes, RowBlock.fromBytes(bytes, CAPACITY, DIMENSION)),
                        Set.of(InvalidRowsException.class),
                        RowBlockFuzzTest::check,
                        FACTOR)
                .run(List.of(wide.toBytes(), half.toBytes(), empty.toBytes()), CASES);
    }

    private static void check(Read read) {
        assertArrayEquals(read.bytes(), read.block().toBytes());
        for (int i = 0; i < read.block().rows() * DIMENSION; i++) {
            assertTrue(Double.isFinite(read.block().values().get(i)), "element " + i);
        }
    }
}
