package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataOutput;
import java.io.IOException;

/** A least-squares map y = W x + b between rows. */
public final class Affine {
    private final Matrix weights;
    private final double[] offset;

    public Affine(Matrix weights, double[] offset) {
        this.weights = weights;
        this.offset = offset;
    }

    /**
     * Fits the map of x (n x k) to y (n x m).
     *
     * @param ridge in units of the mean variance of x
     */
    public static Affine fit(Kernels kernels, Matrix x, Matrix y, double ridge) {
        int k = x.columns();
        int m = y.columns();
        double[] meanX = x.mean();
        double[] meanY = y.mean();
        Matrix centredX = minus(x, meanX);
        Matrix centredY = minus(y, meanY);
        SymmetricMatrix moment = Gaussians.ridged(centredX.moment(kernels), ridge);
        Matrix inverse = Matrix.of(k, k, moment.inverse().entries());
        Matrix cross = transpose(centredY).timesTransposed(kernels, transpose(centredX));
        Matrix weights = cross.timesTransposed(kernels, inverse);
        double[] offset = new double[m];
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int j = 0; j < k; j++) {
                double w = weights.get(i, j) / x.rows();
                weights.set(i, j, w);
                sum += w * meanX[j];
            }
            offset[i] = meanY[i] - sum;
        }
        return new Affine(weights, offset);
    }

    private static Matrix minus(Matrix rows, double[] mean) {
        Matrix out = new Matrix(rows.rows(), rows.columns());
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < mean.length; j++) {
                out.set(i, j, rows.get(i, j) - mean[j]);
            }
        }
        return out;
    }

    public static Matrix transpose(Matrix a) {
        Matrix out = new Matrix(a.columns(), a.rows());
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.columns(); j++) {
                out.set(j, i, a.get(i, j));
            }
        }
        return out;
    }

    public Matrix weights() {
        return weights;
    }

    public double[] offset() {
        return offset;
    }

    /** Returns y - W x - b for each row. */
    public Matrix residual(Kernels kernels, Matrix x, Matrix y) {
        Matrix out = x.timesTransposed(kernels, weights);
        double[] wanted = new double[offset.length];
        double[] row = new double[offset.length];
        for (int i = 0; i < out.rows(); i++) {
            y.row(i, wanted);
            out.row(i, row);
            for (int j = 0; j < row.length; j++) {
                row[j] = wanted[j] - row[j] - offset[j];
            }
            out.setRow(i, row);
        }
        return out;
    }

    public void write(DataOutput out) throws IOException {
        weights.write(out);
        Matrix.of(1, offset.length, offset).write(out);
    }

    public static Affine read(DetectorInput in, int outputs, int inputs) throws IOException {
        return new Affine(
                in.matrix("map weights", outputs, inputs), in.vector("map offset", outputs));
    }
}
