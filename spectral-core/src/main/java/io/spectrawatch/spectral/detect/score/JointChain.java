package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Whitening;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One class-conditional Mahalanobis distance of the window coordinates of all layers and the logits
 * together, each layer in units of its own spread: the correlations between layers are inside.
 */
public final class JointChain implements SampleScore {
    static final int TAG = 4;
    public static final String NAME = "joint-chain";

    /** Coordinates of a layer that enter; more cost quadratically and carry little. */
    private static final int COORDINATES = 128;

    /** Rows behind each coordinate of the chain, at least. */
    private static final int ROWS_PER_COORDINATE = 4;

    private final int width;
    private final double[] scales;
    private final Matrix means;
    private final Whitening whitening;

    private JointChain(int width, double[] scales, Matrix means, Matrix whitening) {
        this.width = width;
        this.scales = scales;
        this.means = means;
        this.whitening = new Whitening(means, whitening);
    }

    public static JointChain fit(Projected reference, int taps, int classes) {
        int width = Math.min(COORDINATES, reference.rows() / (ROWS_PER_COORDINATE * taps));
        width = Math.max(1, width);
        double[] scales = new double[taps];
        for (int t = 0; t < taps; t++) {
            Matrix rows = reference.coordinates(t);
            Matrix classMeans = Gaussians.classMeans(rows, reference.predicted(), classes);
            double sum = 0;
            for (double norm :
                    Gaussians.centred(rows, classMeans, reference.predicted()).squaredNorms()) {
                sum += norm;
            }
            double variance = sum / rows.rows() / rows.columns();
            scales[t] = variance > 0 ? 1 / Math.sqrt(variance) : 1;
        }
        Matrix joined = join(reference, scales, width);
        Matrix means = Gaussians.classMeans(joined, reference.predicted(), classes);
        Matrix centred = Gaussians.centred(joined, means, reference.predicted());
        return new JointChain(
                width, scales, means, Gaussians.whitening(reference.kernels(), centred));
    }

    private static Matrix join(Projected rows, double[] scales, int most) {
        int width = 0;
        for (int t = 0; t < scales.length; t++) {
            width += Math.min(most, rows.coordinates(t).columns());
        }
        Matrix out = rows.coordinates(0).sibling(rows.rows(), width);
        int at = 0;
        for (int t = 0; t < scales.length; t++) {
            Matrix part = rows.coordinates(t);
            int columns = Math.min(most, part.columns());
            double[] row = new double[part.columns()];
            for (int i = 0; i < rows.rows(); i++) {
                part.row(i, row);
                for (int j = 0; j < columns; j++) {
                    row[j] *= scales[t];
                }
                out.data().put(i * width + at, row, 0, columns);
            }
            at += columns;
        }
        return out;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double[] score(Projected rows) {
        return whitening.distances(rows.kernels(), join(rows, scales, width), rows.predicted());
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(width);
        Matrix.of(1, scales.length, scales).write(out);
        means.write(out);
        whitening.write(out);
    }

    static JointChain read(DetectorInput in) throws IOException {
        int width = in.integer("chain width", 1, COORDINATES);
        double[] scales = in.vector("chain scales", in.layers());
        int joined = 0;
        for (int t = 0; t < scales.length; t++) {
            joined += Math.min(width, in.width(t));
        }
        return new JointChain(
                width,
                scales,
                in.matrix("chain means", in.classes(), joined),
                in.matrix("chain whitening", joined, joined));
    }
}
