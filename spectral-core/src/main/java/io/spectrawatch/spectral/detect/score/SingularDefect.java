package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The cosine between a row and the leading singular direction of the uncentred reference: tokens
 * with a defect line up with it (Wang et al., SINDER, ECCV 2024). Seen from the activations alone;
 * both tails are unusual.
 */
public final class SingularDefect implements SampleScore {
    static final int TAG = 12;

    private static final int ITERATIONS = 200;

    private final int tap;
    private final LayerModel model;
    private final double[] direction;

    private SingularDefect(int tap, LayerModel model, double[] direction) {
        this.tap = tap;
        this.model = model;
        this.direction = direction;
    }

    public static SingularDefect fit(Projected reference, int tap, LayerModel model) {
        Matrix rows = about(reference, tap, model.window());
        SymmetricMatrix moment = rows.moment(reference.kernels());
        int k = moment.order();
        double[] direction = new double[k];
        java.util.Arrays.fill(direction, 1 / Math.sqrt(k));
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] next = new double[k];
            double norm = 0;
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < k; j++) {
                    next[i] += moment.entries()[i * k + j] * direction[j];
                }
                norm += next[i] * next[i];
            }
            if (norm == 0) {
                break;
            }
            for (int i = 0; i < k; i++) {
                direction[i] = next[i] / Math.sqrt(norm);
            }
        }
        return new SingularDefect(tap, model, direction);
    }

    /** Coordinates about the origin, the last one along the mean outside the window. */
    private static Matrix about(Projected rows, int tap, Window window) {
        Matrix inside = rows.coordinates(tap);
        Matrix out = inside.sibling(rows.rows(), inside.columns() + 1);
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < inside.columns(); j++) {
                out.set(i, j, inside.get(i, j) + window.meanInWindow(j));
            }
            out.set(i, inside.columns(), Math.sqrt(window.meanOutside()));
        }
        return out;
    }

    @Override
    public String name() {
        return "singular-defect";
    }

    @Override
    public boolean twoSided() {
        return true;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix all = about(rows, tap, model.window());
        double[] norms = all.squaredNorms();
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            double sum = 0;
            for (int j = 0; j < direction.length; j++) {
                sum += all.get(i, j) * direction[j];
            }
            double size = Math.sqrt(norms[i] + rows.residual(tap)[i]);
            out[i] = size > 0 ? Math.abs(sum) / size : 0;
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        Matrix.of(1, direction.length, direction).write(out);
    }

    static SingularDefect read(DetectorInput in) throws IOException {
        int tap = in.tap();
        return new SingularDefect(
                tap, in.model(tap), in.vector("defect direction", in.width(tap) + 1));
    }
}
