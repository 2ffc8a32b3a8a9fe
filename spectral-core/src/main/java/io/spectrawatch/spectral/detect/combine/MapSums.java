package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Arrays;

/**
 * Sums over the rows of one sample of what goes into the profiled map and what comes out of it.
 *
 * <pre>
 *   int64      rows
 *   int32 x 2  columns of the input and of the image; both 0 before the first row
 *   fp64       the sums, input first
 * </pre>
 */
public final class MapSums {
    private static final double[] NOTHING = {};

    private double[] input = NOTHING;
    private double[] image = NOTHING;
    private long rows;

    /** Adds a row, whose image begins at a place of {@code images}. */
    public void add(double[] row, double[] images, int at, int imageWidth) {
        if (rows++ == 0) {
            input = row.clone();
            image = Arrays.copyOfRange(images, at, at + imageWidth);
            return;
        }
        for (int j = 0; j < row.length; j++) {
            input[j] += row[j];
        }
        for (int j = 0; j < imageWidth; j++) {
            image[j] += images[at + j];
        }
    }

    /** Returns the number of rows added. */
    public long rows() {
        return rows;
    }

    /** Returns the mean input. */
    public double[] input() {
        return mean(input);
    }

    /** Returns the mean image. */
    public double[] image() {
        return mean(image);
    }

    private double[] mean(double[] sums) {
        if (rows == 1) {
            return sums;
        }
        double[] mean = new double[sums.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = sums[j] / rows;
        }
        return mean;
    }

    void write(ByteWriter out) {
        out.int64(rows).int32(input.length).int32(image.length).fp64(input).fp64(image);
    }

    static MapSums read(ByteReader in) {
        MapSums sums = new MapSums();
        sums.rows = in.int64();
        int columns = in.int32();
        int width = in.int32();
        boolean any = sums.rows > 0 && columns > 0 && width > 0;
        boolean none = sums.rows == 0 && columns == 0 && width == 0;
        in.require(any || none, "rows with columns, or neither", sums.rows + " of " + columns);
        sums.input = in.finite(columns);
        sums.image = in.finite(width);
        return sums;
    }
}
