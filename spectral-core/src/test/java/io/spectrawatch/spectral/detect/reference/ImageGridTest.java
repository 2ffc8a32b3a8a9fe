package io.spectrawatch.spectral.detect.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageGridTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int ROWS = 300;

    /** Rows of an image whose pixels are means of noise around them. */
    private static float[] smooth(ImageGrid grid, int reach) {
        Random random = new Random(3);
        int h = grid.height();
        int w = grid.width();
        float[] rows = new float[ROWS * grid.channels() * h * w];
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < grid.channels(); c++) {
                double[] noise = random.doubles((long) (h + reach) * (w + reach)).toArray();
                for (int y = 0; y < h; y++) {
                    for (int x = 0; x < w; x++) {
                        double sum = 0;
                        for (int i = 0; i <= reach; i++) {
                            for (int j = 0; j <= reach; j++) {
                                sum += noise[(y + i) * (w + reach) + x + j];
                            }
                        }
                        int at =
                                grid.interleaved()
                                        ? (y * w + x) * grid.channels() + c
                                        : (c * h + y) * w + x;
                        rows[r * grid.channels() * h * w + at] = (float) sum;
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void anImageIsToldByItsNeighbours() {
        for (ImageGrid grid :
                new ImageGrid[] {
                    new ImageGrid(1, 28, 28, false),
                    new ImageGrid(1, 16, 24, false),
                    new ImageGrid(1, 24, 16, false),
                    new ImageGrid(3, 32, 32, false),
                    new ImageGrid(3, 32, 32, true)
                }) {
            int columns = grid.channels() * grid.height() * grid.width();
            assertEquals(Optional.of(grid), ImageGrid.of(smooth(grid, 3), columns));
        }
    }

    @Test
    void noiseAndLinesAreNoImage() {
        assertTrue(ImageGrid.of(smooth(new ImageGrid(1, 28, 28, false), 0), 784).isEmpty());
        float[] lines = new float[ROWS * 784];
        Random random = new Random(4);
        for (int r = 0; r < ROWS; r++) {
            double value = 0;
            for (int j = 0; j < 784; j++) {
                value = 0.995 * value + random.nextGaussian();
                lines[r * 784 + j] = (float) value;
            }
        }
        assertTrue(ImageGrid.of(lines, 784).isEmpty());
        assertTrue(ImageGrid.of(new float[ROWS * 784], 784).isEmpty());
    }

    @Test
    void aLargeImageIsAveragedDown() {
        ImageGrid grid = new ImageGrid(3, 64, 48, true);
        assertEquals(32, grid.lines());
        assertEquals(24, grid.pixels());
        double[] row = new double[3 * 64 * 48];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        double[] planes = new double[3 * 32 * 24];
        grid.planes(row, planes);
        double middle = (3 * 48 + 3) / 2.0;
        assertEquals(middle, planes[0]);
        assertEquals(2 + middle, planes[2 * 32 * 24]);
        assertEquals(3 * (2 * 48 + 2) + middle, planes[24 + 1]);
    }

    @Test
    void aSmallPlaneStaysAsItIs() {
        double[] row = new Random(5).doubles(12 * 20).toArray();
        double[] planes = new double[12 * 20];
        new ImageGrid(1, 12, 20, false).planes(row, planes);
        assertArrayEquals(row, planes);
        assertThrows(IllegalArgumentException.class, () -> new ImageGrid(1, 11, 20, false));
    }

    @Test
    void planesInFp32AreTheSameRoundedAndTakeNoMemory() {
        for (ImageGrid grid :
                new ImageGrid[] {
                    new ImageGrid(3, 64, 48, true),
                    new ImageGrid(3, 64, 48, false),
                    new ImageGrid(3, 20, 30, true),
                    new ImageGrid(1, 20, 30, false)
                }) {
            double[] row = new Random(6).doubles(grid.columns()).toArray();
            double[] expected = new double[grid.channels() * grid.lines() * grid.pixels()];
            float[] found = new float[expected.length];
            grid.planes(row, expected);
            grid.planes(row, found);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                grid.planes(row, found);
            }
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(taken < 10L * Double.BYTES * found.length, taken + " bytes, " + grid);
            for (int j = 0; j < found.length; j++) {
                assertEquals((float) expected[j], found[j]);
            }
        }
    }
}
