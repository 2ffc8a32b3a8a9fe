package io.spectrawatch.flink.monitor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.DirectMemory;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What products in fp32 are counted with is what they take. */
class MemoryCostTest {
    @ParameterizedTest
    @CsvSource({
        "64,256,1e-5",
        "144,255,1e-5",
        "144,256,1e-6",
        "160,256,0",
        "144,256,1e-5",
        "160,384,1e-5",
        "320,256,1e-5"
    })
    void countsWhatIsTaken(int rows, int columns, double rounding) {
        SketchOptions single = exact(rows, rounding);
        assertEquals(counted(single, columns), taken(single, rows, columns));
    }

    /** 200 rows are too many for one sum and too few for two; 160 are one. */
    @Test
    void countsTheLastBlockOfAPane() {
        SketchOptions single = exact(200, 1e-5);
        assertEquals(0, taken(single, 200, 256));
        long missing = 40L * 256 * Float.BYTES;
        assertEquals(counted(single, 256) - missing, taken(single, 160, 256));
    }

    private static SketchOptions exact(int blockRows, double rounding) {
        return SketchOptions.defaults()
                .withKind(SketchKind.EXACT)
                .withBlockRows(blockRows)
                .withRounding(rounding);
    }

    private static long counted(SketchOptions single, int columns) {
        return MemoryCost.scratch(single, columns)
                - MemoryCost.scratch(single.withRounding(0), columns);
    }

    /** Native memory that products in fp32 take for a block, beside what fp64 ones do. */
    private static long taken(SketchOptions single, int rows, int columns) {
        return ofUpdate(single, rows, columns) - ofUpdate(single.withRounding(0), rows, columns);
    }

    private static long ofUpdate(SketchOptions options, int rows, int columns) {
        RowBlock block = new RowBlock(rows, columns);
        ByteBuffer values =
                ByteBuffer.allocate(rows * columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * columns; i++) {
            values.putFloat(i % 7 - 3);
        }
        block.append(values.flip(), ElementType.FLOAT32, 0, rows);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch sketch = Sketches.create(options, columns, kernels)) {
            long before = DirectMemory.settled();
            sketch.update(block);
            long after = DirectMemory.bytes();
            return after - before;
        }
    }
}
