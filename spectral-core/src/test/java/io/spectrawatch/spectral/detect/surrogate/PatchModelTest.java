package io.spectrawatch.spectral.detect.surrogate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spectrawatch.spectral.detect.SyntheticImages;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What fitting models of patches takes. */
class PatchModelTest {
    private static final int SIDE = SyntheticImages.SIDE;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    @AfterEach
    void close() {
        kernels.close();
    }

    private long heap(int images) {
        Activations rows = SyntheticImages.clean(images, 1);
        Window[] windows = new Window[rows.taps().size()];
        windows[0] = Window.fit(kernels, rows.values(0), SIDE * SIDE, 4, 1);
        Projected reference =
                new Projector(rows.taps(), kernels, null)
                        .project(rows, windows, SyntheticImages.CLASSES, 0, images);
        ImageGrid grid = ImageGrid.of(rows.values(0), SIDE * SIDE).orElseThrow();
        int[] chosen = IntStream.range(0, 100).toArray();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        PatchModel.fit(reference, 0, grid, SyntheticImages.CLASSES, chosen, 7);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aLongReferenceTakesLittleMoreHeapThanAShortOne() {
        heap(240);
        long more = heap(2040) - heap(240);
        long features = 1800L * PatchModel.FEATURES * Float.BYTES;
        assertTrue(more < features / 4, more + " bytes more, features take " + features);
    }
}
