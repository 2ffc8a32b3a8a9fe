package io.spectrawatch.spectral.detect.reference;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * How the columns of a row make an image, told from the reference alone: a row is a flat list of
 * numbers, but pixels beside and below each other are alike.
 *
 * <pre>
 *   int channels | int height | int width | boolean interleaved
 * </pre>
 *
 * @param interleaved whether the channels of a pixel stand together, or each channel is a plane
 */
public record ImageGrid(int channels, int height, int width, boolean interleaved) {
    /** The shortest side that patches are taken from. */
    static final int LEAST_SIDE = 12;

    /** The longer side that patches are taken from, about; larger images are averaged down. */
    private static final int MOST_SIDE = 32;

    /** How alike pixels below each other are at least, and pixels beside each other. */
    private static final double ALIKE = 0.5;

    /** A side is at most so many times the other. */
    private static final int ASPECT = 2;

    /** Elements that are looked at; more rows change the correlations little. */
    private static final int ELEMENTS = 1 << 22;

    private static final int LEAST_ROWS = 64;

    private static final int[] CHANNELS = {1, 3};

    /** Checks the sizes. */
    public ImageGrid {
        if (channels < 1 || height < LEAST_SIDE || width < LEAST_SIDE) {
            throw new IllegalArgumentException(
                    "image: a channel and sides of at least "
                            + LEAST_SIDE
                            + " expected, found "
                            + channels
                            + " of "
                            + height
                            + " x "
                            + width);
        }
    }

    /** Returns the numbers of a row. */
    int columns() {
        return channels * height * width;
    }

    /**
     * Finds the image that rows are, if they are one: the shape in which neighbours below are most
     * alike. Half a line on they have to be less alike, or the row is a smooth line and no image.
     *
     * @param values rows of so many columns, one after another
     */
    public static Optional<ImageGrid> of(float[] values, int columns) {
        Likeness likeness = new Likeness(values, columns);
        ImageGrid best = null;
        double most = ALIKE;
        for (int channels : CHANNELS) {
            int pixels = columns / channels;
            for (int height = LEAST_SIDE; height <= pixels / LEAST_SIDE; height++) {
                int width = pixels / height;
                boolean even = height <= ASPECT * width && width <= ASPECT * height;
                if (even && channels * height * width == columns) {
                    for (boolean interleaved : new boolean[] {false, true}) {
                        int pixel = interleaved ? channels : 1;
                        double below = likeness.at(pixel * width);
                        boolean image =
                                likeness.at(pixel) > ALIKE
                                        && likeness.at(pixel * (width / 2)) < below;
                        if (image && below > most && (channels > 1 || !interleaved)) {
                            most = below;
                            best = new ImageGrid(channels, height, width, interleaved);
                        }
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Covariance of columns so far apart, over their mean variance. */
    private static final class Likeness {
        private final float[] values;
        private final int columns;
        private final int[] rows;
        private final double[] means;

        Likeness(float[] values, int columns) {
            this.values = values;
            this.columns = columns;
            int wanted = Math.max(LEAST_ROWS, ELEMENTS / columns);
            this.rows = Coreset.choose(values.length / columns, wanted);
            this.means = new double[columns];
            for (int row : rows) {
                for (int j = 0; j < columns; j++) {
                    means[j] += values[row * columns + j];
                }
            }
            for (int j = 0; j < columns; j++) {
                means[j] /= rows.length;
            }
        }

        double at(int lag) {
            double together = 0;
            double alone = 0;
            for (int row : rows) {
                int at = row * columns;
                for (int j = 0; j < columns - lag; j++) {
                    double here = values[at + j] - means[j];
                    double there = values[at + j + lag] - means[j + lag];
                    together += here * there;
                    alone += here * here + there * there;
                }
            }
            return alone > 0 ? 2 * together / alone : 0;
        }
    }

    /** The side of the blocks of pixels that are averaged, so that patches see large images too. */
    private int block() {
        int wanted = (Math.max(height, width) + MOST_SIDE - 1) / MOST_SIDE;
        return Math.min(wanted, Math.min(height, width) / LEAST_SIDE);
    }

    /** Lines of the image that patches are taken from. */
    int lines() {
        return height / block();
    }

    /** Pixels of a line of the image that patches are taken from. */
    int pixels() {
        return width / block();
    }

    /**
     * Writes a row as planes, one per channel, of {@link #lines()} x {@link #pixels()}: means of
     * blocks of pixels. What is left over at the right and at the bottom is not looked at.
     */
    void planes(double[] row, double[] into) {
        int block = block();
        int lines = lines();
        int pixels = pixels();
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < lines; y++) {
                for (int x = 0; x < pixels; x++) {
                    into[(c * lines + y) * pixels + x] = block(row, block, c, y * block, x * block);
                }
            }
        }
    }

    /** Does the same in fp32. */
    void planes(double[] row, float[] into) {
        int block = block();
        int lines = lines();
        int pixels = pixels();
        if (block == 1 && !interleaved) {
            for (int j = 0; j < into.length; j++) {
                into[j] = (float) row[j];
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < lines; y++) {
                for (int x = 0; x < pixels; x++) {
                    into[(c * lines + y) * pixels + x] =
                            (float) block(row, block, c, y * block, x * block);
                }
            }
        }
    }

    /** The mean of a block of pixels. */
    private double block(double[] row, int side, int channel, int line, int pixel) {
        double sum = 0;
        for (int i = line; i < line + side; i++) {
            for (int j = pixel; j < pixel + side; j++) {
                sum += row[place(channel, i, j)];
            }
        }
        return sum / (side * side);
    }

    private int place(int channel, int line, int pixel) {
        return interleaved
                ? (line * width + pixel) * channels + channel
                : (channel * height + line) * width + pixel;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(channels);
        out.writeInt(height);
        out.writeInt(width);
        out.writeBoolean(interleaved);
    }

    /** Reads an image of a tap of so many columns. */
    static ImageGrid read(DetectorInput in, int columns) throws IOException {
        int channels = in.integer("image channels", 1, columns);
        int height = in.integer("image height", LEAST_SIDE, columns);
        int width = in.integer("image width", LEAST_SIDE, columns);
        if ((long) channels * height * width != columns) {
            throw new IOException(
                    "image of "
                            + columns
                            + " numbers expected, found "
                            + channels
                            + " x "
                            + height
                            + " x "
                            + width);
        }
        return new ImageGrid(channels, height, width, in.flag());
    }
}
