package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Squared distance to the k-th nearest reference row among directions of the embedding (Sun et al.,
 * ICML 2022).
 *
 * <p>Works in window coordinates about the origin, with one more coordinate for the mean outside
 * the window: exact while the window holds the whole embedding, and bounded in cost beyond.
 */
public final class Neighbours implements SampleScore {
    static final int TAG = 5;

    private final int tap;
    private final int k;
    private final LayerModel model;
    private final Coreset coreset;

    private Neighbours(int tap, int k, LayerModel model, Coreset coreset) {
        this.tap = tap;
        this.k = k;
        this.model = model;
        this.coreset = coreset;
    }

    public static Neighbours fit(Projected reference, int tap, LayerModel model, int k, int size) {
        int[] chosen = Coreset.choose(reference.rows(), size);
        Matrix directions = new Neighbours(tap, k, model, null).directions(reference);
        Matrix kept = directions.select(chosen, chosen.length);
        Coreset coreset = Coreset.of(kept.select(Coreset.centralFirst(kept), chosen.length));
        return new Neighbours(tap, k, model, coreset);
    }

    private Matrix directions(Projected rows) {
        Window window = model.window();
        Matrix inside = rows.coordinates(tap);
        int width = inside.columns();
        Matrix out = inside.sibling(rows.rows(), width + 1);
        double[] row = new double[width + 1];
        double[] about = new double[width];
        for (int j = 0; j < width; j++) {
            about[j] = window.meanInWindow(j);
        }
        double[] centred = new double[width];
        for (int i = 0; i < rows.rows(); i++) {
            double norm = window.meanOutside() + rows.residual(tap)[i];
            inside.row(i, centred);
            for (int j = 0; j < width; j++) {
                row[j] = centred[j] + about[j];
                norm += row[j] * row[j];
            }
            row[width] = Math.sqrt(window.meanOutside());
            double scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
            for (int j = 0; j <= width; j++) {
                row[j] *= scale;
            }
            out.setRow(i, row);
        }
        return out;
    }

    @Override
    public String name() {
        return "knn";
    }

    @Override
    public double[] score(Projected rows) {
        Coreset.Distances distances = coreset.squaredDistances(rows.kernels(), directions(rows));
        double[] out = new double[rows.rows()];
        double[] scratch = new double[coreset.size()];
        for (int i = 0; i < out.length; i++) {
            distances.row(i, scratch);
            out[i] = Math.max(0, Coreset.smallest(scratch, k));
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeInt(k);
        coreset.write(out);
    }

    static Neighbours read(DetectorInput in) throws IOException {
        int tap = in.tap();
        int k = in.integer("k", 1, Integer.MAX_VALUE);
        return new Neighbours(tap, k, in.model(tap), Coreset.read(in, in.width(tap) + 1));
    }
}
