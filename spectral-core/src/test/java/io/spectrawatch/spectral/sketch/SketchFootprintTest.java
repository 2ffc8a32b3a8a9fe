package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spectrawatch.spectral.DirectMemory;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stated memory is the memory taken: direct buffers and binary forms to the byte. */
class SketchFootprintTest {
    private static final int LAYERS = 5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Open(SecondMomentSketch sketch, RowBlock block) {
        /** Two full blocks, and a third one that waits. */
        static Open filled(SketchOptions options, int d, Anchor anchor, Kernels kernels) {
            Open open = empty(options, d, anchor, kernels);
            Random random = new Random(d);
            for (int i = 0; i < 3; i++) {
                open.block.clear();
                fill(open.block, random);
                if (i < 2) {
                    open.sketch.update(open.block);
                }
            }
            return open;
        }

        static Open empty(SketchOptions options, int d, Anchor anchor, Kernels kernels) {
            return new Open(
                    anchor == null
                            ? Sketches.create(options, d, kernels)
                            : Sketches.anchored(options, d, kernels, anchor),
                    new RowBlock(options.blockRows(), d));
        }

        private static void fill(RowBlock block, Random random) {
            int d = block.dimension();
            ByteBuffer rows =
                    ByteBuffer.allocate(block.capacity() * d * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            while (rows.hasRemaining()) {
                rows.putFloat((float) random.nextGaussian());
            }
            block.append(rows.flip(), ElementType.FLOAT32, 0, block.capacity());
        }
    }

    private static List<SketchOptions> options() {
        SketchOptions any = SketchOptions.defaults().withSketchRows(8).withBlockRows(40);
        return List.of(
                any.withKind(SketchKind.EXACT),
                any.withKind(SketchKind.FREQUENT_DIRECTIONS),
                any.withKind(SketchKind.FREQUENT_DIRECTIONS).withProbes(4, 7),
                any,
                any.withSketchRows(1));
    }

    @Test
    void statesWhatIsTaken() {
        for (SketchOptions options : options()) {
            for (int d : new int[] {33, 120}) {
                for (Anchor anchor : new Anchor[] {null, new Anchor("", new double[d])}) {
                    check(options, d, anchor);
                }
            }
        }
    }

    /** What making one allocates, the copy of the anchor that is dropped included. */
    private static long heapOfOne(SketchOptions options, int d, Anchor anchor, Kernels kernels) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LAYERS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Open open = Open.empty(options, d, anchor, kernels);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            open.sketch.close();
        }
        return least;
    }

    private static void check(SketchOptions options, int d, Anchor anchor) {
        SketchFootprint footprint = SketchFootprint.of(options, d, anchor != null);
        String what = options + ", " + d + " columns, " + anchor;
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            // Scratch memory, the spare state buffer and the probes come with the first.
            List<Open> open = new ArrayList<>();
            open.add(Open.filled(options, d, anchor, kernels));
            long before = DirectMemory.settled();
            for (int i = 0; i < LAYERS; i++) {
                open.add(Open.filled(options, d, anchor, kernels));
            }
            long taken = DirectMemory.bytes() - before;
            assertEquals(LAYERS * footprint.nativeBytes(), taken, what);
            long heap = heapOfOne(options, d, anchor, kernels);
            assertTrue(heap <= footprint.heapBytes() + (long) d * Double.BYTES, what + heap);
            Open last = open.get(LAYERS);
            long bytes = last.sketch.toBytes().length + last.block.toBytes().length;
            // FLOAT32 rows take half of what fp64 rows would.
            long narrower = (long) options.blockRows() * d * Float.BYTES;
            assertEquals(footprint.serialisedBytes() - narrower, bytes, what);
            open.forEach(each -> each.sketch.close());
        }
    }
}
