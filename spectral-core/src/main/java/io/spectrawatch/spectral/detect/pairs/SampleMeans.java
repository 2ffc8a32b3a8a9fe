package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.detect.combine.MapSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.GsvdScore;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes into the profiled map and what comes out of it, per sample: a request of several rows
 * is the mean of its rows.
 */
final class SampleMeans implements Scorer.MapRows {
    private final int imageWidth;
    private final List<MapSums> samples = new ArrayList<>();

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
            samples.add(new MapSums());
        }
        samples.get(sample).add(row, images, at, imageWidth);
    }

    int size() {
        return samples.size();
    }

    MapSums of(int sample) {
        return samples.get(sample);
    }

    double[] input(int sample) {
        return samples.get(sample).input();
    }

    double[] image(int sample) {
        return samples.get(sample).image();
    }

    void clear() {
        samples.clear();
    }
}
