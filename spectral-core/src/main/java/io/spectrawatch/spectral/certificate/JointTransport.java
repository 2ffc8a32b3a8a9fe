package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;

/**
 * The full Physical Alignment Matrix from one joint sketch of rows z = [x / c_x ; y / c_y]: K^ =
 * c_x c_y times the off-diagonal block of B^T B, with its sketch error.
 *
 * <p>If -(d_- + e) I &lt;= Z^T Z - B^T B &lt;= (d_+ + e) I, subtracting the middle of the interval
 * does not touch the off-diagonal block, so its error is at most w = (d_+ + d_-) / 2 + e in
 * spectral norm; in Frobenius norm at most sqrt(w' m / 2) with w' = d_+ + d_- + 2 e and the shed
 * energy m.
 */
public final class JointTransport {
    private final int d;
    private final int rank;
    private final double[] left;
    private final double[] right;
    private final double[] matrix;
    private final double sketchError;
    private final double frobeniusError;

    /**
     * Reads a joint sketch.
     *
     * @param joint spectrum of the sketch of the centred joint rows, d + d' wide, with all its
     *     basis vectors
     * @param d width of the first layer
     * @param scaleX c_x
     * @param scaleY c_y
     * @param energyX ||X_c||_F^2, exact
     * @param energyY ||Y_c||_F^2, exact
     */
    public JointTransport(
            Spectrum joint, int d, double scaleX, double scaleY, double energyX, double energyY) {
        int width = joint.dimension();
        if (d < 1 || d >= width || !(scaleX > 0 && scaleY > 0 && energyX > 0 && energyY > 0)) {
            throw new IllegalArgumentException(
                    "joint transport: 1 to "
                            + (width - 1)
                            + " columns and positive scales and energies expected, found "
                            + d
                            + ", "
                            + scaleX
                            + ", "
                            + scaleY
                            + ", "
                            + energyX
                            + ", "
                            + energyY);
        }
        this.d = d;
        this.rank = joint.basisVectors();
        double[] basis = joint.basis();
        this.right = columns(basis, width, 0, d);
        this.left = Dense.transpose(rank, width - d, columns(basis, width, d, width - d));
        double unit = scaleX * scaleY / (Math.sqrt(energyX) * Math.sqrt(energyY));
        double[] eigenvalues = joint.eigenvalues();
        this.matrix = new double[rank * rank];
        for (int i = 0; i < rank; i++) {
            matrix[i * (rank + 1)] = eigenvalues[i] * unit;
        }
        Ledger ledger = joint.ledger();
        double width2 = ledger.deltaPlus() + ledger.deltaMinus() + 2 * ledger.roundoff();
        // Basis vectors left out would be an error of their own.
        double omitted = rank < eigenvalues.length ? eigenvalues[rank] : 0;
        this.sketchError = unit * (width2 + omitted) / 2;
        double shed = ledger.shed() + ledger.roundoff();
        for (int i = rank; i < eigenvalues.length; i++) {
            shed += eigenvalues[i];
        }
        this.frobeniusError = unit * Math.sqrt((width2 + omitted) * shed / 2);
    }

    private double[] columns(double[] basis, int width, int from, int count) {
        double[] out = new double[rank * count];
        for (int i = 0; i < rank; i++) {
            System.arraycopy(basis, i * width + from, out, i * count, count);
        }
        return out;
    }

    /** Returns the small matrix to give to {@link #display}. */
    public double[] matrix() {
        return matrix.clone();
    }

    /** Returns the display of physical input-output channels. */
    public Display display(RowGroups groups) {
        return Display.ofFactors(groups, left, rank, d, right);
    }

    /** Returns the sketch term in spectral norm, so in column and row norm too. */
    public double sketchError() {
        return sketchError;
    }

    /** Returns the sketch term in Frobenius norm. */
    public double frobeniusError() {
        return frobeniusError;
    }

    /**
     * Returns || P^ - Pi' P^ Pi ||_col, measured on the sketch: what the frozen windows leave out
     * of the full matrix, columns split into the parts outside and inside the output window.
     */
    public double truncation(FrozenWindow x, FrozenWindow y) {
        double[] vx = rows(x);
        double[] vy = rows(y);
        int outputs = left.length / rank;
        double[] inside = Dense.multiply(y.rank(), outputs, rank, vy, left);
        double[] back =
                Dense.multiply(
                        outputs, y.rank(), rank, Dense.transpose(y.rank(), outputs, vy), inside);
        double[] outside = Dense.triangle(outputs, rank, Dense.subtract(left, back));
        double[] kept = Dense.multiply(rank, d, x.rank(), right, Dense.transpose(x.rank(), d, vx));
        double[] lost = Dense.subtract(right, Dense.multiply(rank, x.rank(), d, kept, vx));
        double[] first = product(outside, right);
        double[] second = product(inside, lost);
        double largest = 0;
        for (int j = 0; j < d; j++) {
            largest = Math.max(largest, square(first, j) + square(second, j));
        }
        return Math.sqrt(largest);
    }

    private double[] product(double[] factor, double[] columns) {
        int rows = factor.length / rank;
        double[] small = Dense.multiply(rows, rank, rank, factor, matrix);
        return Dense.multiply(rows, rank, d, small, columns);
    }

    private double square(double[] lines, int j) {
        double sum = 0;
        for (int at = j; at < lines.length; at += d) {
            sum += lines[at] * lines[at];
        }
        return sum;
    }

    private static double[] rows(FrozenWindow window) {
        if (!window.ofChannels()) {
            return window.basisValues();
        }
        int d = window.dimension();
        double[] rows = new double[window.rank() * d];
        for (int i = 0; i < window.rank(); i++) {
            rows[i * d + window.channelValues()[i]] = 1;
        }
        return rows;
    }
}
