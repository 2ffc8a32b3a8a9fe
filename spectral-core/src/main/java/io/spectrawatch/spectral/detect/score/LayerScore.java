package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What one layer says about a row, given the class the model predicts.
 *
 * <ul>
 *   <li>{@code MAHALANOBIS}: squared distance to the class mean in the window under the covariance
 *       all classes share (Lee et al., NeurIPS 2018), plus the squared distance from the window in
 *       units of the mean variance there. Two-sided: a blurred input is too close.
 *   <li>{@code CLASS_SHAPE}: minus twice the log-likelihood under the class's own Gaussian.
 *   <li>{@code CLASS_EVIDENCE}: by how much another class explains this layer better than the
 *       predicted one, under the classes' own Gaussians (quadratic discriminant). An attack that
 *       changes little leaves the early layers near the class it came from.
 *   <li>{@code RELATIVE_MAHALANOBIS}: distance to the nearest class mean less the distance under
 *       one Gaussian for everything (Ren et al., arXiv:2106.09022).
 * </ul>
 */
public final class LayerScore implements SampleScore, Favouring {
    static final int TAG = 2;

    public enum Form {
        MAHALANOBIS("mahalanobis"),
        CLASS_SHAPE("class-shape"),
        CLASS_EVIDENCE("class-evidence"),
        RELATIVE_MAHALANOBIS("relative-mahalanobis");

        private final String label;

        Form(String label) {
            this.label = label;
        }
    }

    private final Form form;
    private final int tap;
    private final String tapName;
    private final LayerModel model;

    public LayerScore(Form form, int tap, String tapName, LayerModel model) {
        this.form = form;
        this.tap = tap;
        this.tapName = tapName;
        this.model = model;
    }

    @Override
    public String name() {
        return label(form, tapName);
    }

    public static String label(Form form, String tapName) {
        return form == Form.RELATIVE_MAHALANOBIS ? form.label : form.label + "/" + tapName;
    }

    @Override
    public boolean twoSided() {
        return form == Form.MAHALANOBIS;
    }

    @Override
    public double[] score(Projected rows) {
        return switch (form) {
            case MAHALANOBIS -> mahalanobis(rows);
            case CLASS_SHAPE -> shape(rows);
            case CLASS_EVIDENCE -> evidence(rows);
            case RELATIVE_MAHALANOBIS -> relative(rows);
        };
    }

    private double[] mahalanobis(Projected rows) {
        double[] out = model.distances(rows.kernels(), rows.coordinates(tap), rows.predicted());
        double tail = model.window().tailVariance();
        if (tail > 0) {
            for (int i = 0; i < out.length; i++) {
                out[i] += rows.residual(tap)[i] / tail;
            }
        }
        return out;
    }

    private double[] shape(Projected rows) {
        Matrix all = rows.classDistances(tap, model);
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            out[i] = all.get(i, rows.predicted()[i]);
        }
        return out;
    }

    private double[] evidence(Projected rows) {
        Matrix all = rows.classDistances(tap, model);
        double[] out = new double[rows.rows()];
        double[] row = new double[all.columns()];
        for (int i = 0; i < out.length; i++) {
            all.row(i, row);
            int predicted = rows.predicted()[i];
            double other = Double.POSITIVE_INFINITY;
            for (int c = 0; c < row.length; c++) {
                other = c == predicted ? other : Math.min(other, row[c]);
            }
            out[i] = row[predicted] - other;
        }
        return out;
    }

    @Override
    public int[] favoured(Projected rows) {
        Matrix all = rows.classDistances(tap, model);
        int[] best = new int[rows.rows()];
        double[] row = new double[all.columns()];
        for (int i = 0; i < best.length; i++) {
            all.row(i, row);
            for (int c = 1; c < row.length; c++) {
                best[i] = row[c] < row[best[i]] ? c : best[i];
            }
        }
        return best;
    }

    /** Returns what {@code CLASS_SHAPE} would be if a class were the predicted one. */
    public double distance(Projected rows, int row, int c) {
        return rows.classDistances(tap, model).get(row, c);
    }

    public Form form() {
        return form;
    }

    private double[] relative(Projected rows) {
        Matrix all = model.sharedDistances(rows.kernels(), rows.coordinates(tap));
        double[] out = model.totalDistances(rows.kernels(), rows.coordinates(tap));
        for (int i = 0; i < out.length; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int c = 0; c < all.columns(); c++) {
                nearest = Math.min(nearest, all.get(i, c));
            }
            out[i] = nearest - out[i];
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeUTF(form.label);
        out.writeInt(tap);
        out.writeUTF(tapName);
    }

    static LayerScore read(DetectorInput in) throws IOException {
        Form form = in.named("layer score", Form.values(), candidate -> candidate.label);
        int tap = in.tap();
        return new LayerScore(form, tap, in.tapName(tap), in.model(tap));
    }
}
