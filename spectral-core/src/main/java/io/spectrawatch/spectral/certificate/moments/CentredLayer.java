package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.Roundoff;

/** One layer's sums after centring: exact in the data, since count and sums are kept exactly. */
public final class CentredLayer {
    public final FrozenWindow window;
    public final long rows;

    /** Energy about the mean, ||X_c||_F^2. */
    public final double energy;

    /** Energy about the anchor and the bound on the energy of the raw rows. */
    final double anchored;

    final double raw;

    /** Mean minus anchor in full width (d) and in the window (k). */
    public final double[] shift;

    public final double[] windowShift;

    /** Centred moment in the window divided by the energy (k x k); its trace is 1 - escape. */
    public final double[] moment;

    /** Relative rounding error of the energy. */
    final double energyError;

    /** Bound on the Frobenius error of the moment, in its own units. */
    public final double momentError;

    CentredLayer(FrozenWindow window, LayerSums sums, double terms, double weight) {
        this.window = window;
        this.rows = sums.rows;
        if (rows < 2) {
            throw new DegenerateMomentsException(
                    "transport: at least 2 rows expected, found " + rows);
        }
        this.shift = sums.sum.clone();
        for (int j = 0; j < shift.length; j++) {
            shift[j] /= rows;
        }
        this.windowShift = window.project(shift);
        double centred = sums.energy - rows * Dense.dot(shift, shift);
        double anchorSquare = Dense.dot(window.anchorValues(), window.anchorValues());
        this.anchored = Math.max(weight, 0);
        // ||x||^2 <= 2 ||x - a||^2 + 2 ||a||^2
        this.raw = 2 * (anchored + terms * anchorSquare);
        double absolute = 4 * Roundoff.gamma(terms + shift.length + 8) * anchored;
        if (!(centred > 2 * absolute)) {
            throw new DegenerateMomentsException(
                    "transport: energy beyond rounding ("
                            + absolute
                            + ") expected, found "
                            + centred);
        }
        this.energy = centred;
        this.energyError = absolute / centred;
        this.moment = new double[sums.moment.length];
        int k = window.rank();
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                moment[i * k + j] =
                        (sums.moment[i * k + j] - rows * windowShift[i] * windowShift[j]) / energy;
            }
        }
        double summation = 2 * Roundoff.gamma(terms + 8) * anchored;
        double projection = 4 * projectionError() * Math.sqrt(anchored);
        double division = (energyError + Roundoff.gamma(8)) * Dense.norm(moment);
        // Doubled for the terms of second order.
        this.momentError = 2 * ((summation + projection) / energy + division);
    }

    /** Returns the share of the energy outside the window, within [0, 1]. */
    public double escape() {
        double inside = 0;
        int k = window.rank();
        for (int i = 0; i < k; i++) {
            inside += moment[i * (k + 1)];
        }
        return Math.min(Math.max(1 - inside, 0), 1);
    }

    /**
     * Returns the rounding error of the window coordinates of all rows, root of the sum of squares.
     */
    double projectionError() {
        return Math.sqrt((double) window.rank() * raw) * Roundoff.gamma(shift.length + 4);
    }
}
