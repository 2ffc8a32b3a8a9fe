package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.GsvdScore;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What goes into the profiled map and what comes out of it, per sample: a request of several rows
 * is the mean of its rows.
 */
final class SampleMeans implements Scorer.MapRows {
    private final int imageWidth;
    private final List<Sums> samples = new ArrayList<>();

    /** Sums over the rows of one sample. */
    private static final class Sums {
        private final double[] input;
        private final double[] image;
        private int rows;

        Sums(double[] input, double[] image) {
            this.input = input;
            this.image = image;
            this.rows = 1;
        }
    }

    SampleMeans(int imageWidth) {
        this.imageWidth = imageWidth;
    }

    /** Returns the means over all rows. */
    static SampleMeans of(Projected rows, GsvdMap map) {
        SampleMeans means = new SampleMeans(map.profile().dimension());
        Matrix inputs = rows.coordinates(map.from());
        double[] input = new double[inputs.columns()];
        double[] images = GsvdScore.outputs(rows, map.to()).toArray();
        for (int i = 0; i < rows.rows(); i++) {
            inputs.row(i, input);
            means.row(rows.samples()[i], 0, input, images, i * map.profile().dimension());
        }
        return means;
    }

    @Override
    public void row(int sample, double norm, double[] row, double[] images, int at) {
        if (sample == samples.size()) {
            samples.add(new Sums(row.clone(), Arrays.copyOfRange(images, at, at + imageWidth)));
            return;
        }
        Sums sums = samples.get(sample);
        sums.rows++;
        for (int j = 0; j < row.length; j++) {
            sums.input[j] += row[j];
        }
        for (int j = 0; j < imageWidth; j++) {
            sums.image[j] += images[at + j];
        }
    }

    int size() {
        return samples.size();
    }

    double[] input(int sample) {
        return mean(samples.get(sample).input, samples.get(sample).rows);
    }

    double[] image(int sample) {
        return mean(samples.get(sample).image, samples.get(sample).rows);
    }

    private static double[] mean(double[] sums, int rows) {
        if (rows == 1) {
            return sums;
        }
        double[] mean = new double[sums.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = sums[j] / rows;
        }
        return mean;
    }

    void clear() {
        samples.clear();
    }
}
