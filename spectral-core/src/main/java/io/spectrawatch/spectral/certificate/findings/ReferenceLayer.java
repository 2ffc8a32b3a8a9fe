package io.spectrawatch.spectral.certificate.findings;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.moments.CentredLayer;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.SymmetricEigenvalues;
import io.spectrawatch.spectral.linalg.WindowSpectra;

/**
 * What a baseline keeps of one layer's reference: energy per row, mean about the anchor (d) and the
 * normalised centred moment in the window (k x k).
 */
public record ReferenceLayer(double energyPerRow, double escape, double[] shift, double[] moment) {
    public static ReferenceLayer of(CentredLayer layer) {
        return new ReferenceLayer(
                layer.energy / layer.rows, layer.escape(), layer.shift, layer.moment);
    }

    /**
     * Debiased squared movement of the layer's distribution: mean in units of the energy per row,
     * energy, and window moment, each relative.
     */
    public double movement(CentredLayer half1, CentredLayer half2) {
        double mean = 0;
        for (int j = 0; j < shift.length; j++) {
            mean += (half1.shift[j] - shift[j]) * (half2.shift[j] - shift[j]);
        }
        double energy =
                (half1.energy / half1.rows / energyPerRow - 1)
                        * (half2.energy / half2.rows / energyPerRow - 1);
        double square = Dense.dot(moment, moment);
        double shape = 0;
        for (int i = 0; i < moment.length; i++) {
            shape += (half1.moment[i] - moment[i]) * (half2.moment[i] - moment[i]);
        }
        return mean / energyPerRow + energy + (square > 0 ? shape / square : 0);
    }

    /**
     * The normalised spectrum in the window, with the energy outside as its last entry: eigenvalues
     * for a subspace, channel energies for a choice of channels.
     */
    public static double[] spectrum(FrozenWindow window, double[] moment, double escape) {
        int k = window.rank();
        double[] p = new double[k + 1];
        if (window.ofChannels()) {
            for (int i = 0; i < k; i++) {
                p[i] = Math.max(moment[i * (k + 1)], 0);
            }
        } else {
            double[] values = SymmetricEigenvalues.of(k, moment);
            for (int i = 0; i < k; i++) {
                p[i] = Math.max(values[i], 0);
            }
        }
        p[k] = escape;
        return WindowSpectra.normalise(p);
    }

    public void write(ByteWriter out) {
        out.fp64(energyPerRow).fp64(escape).fp64(shift).fp64(moment);
    }

    public static ReferenceLayer read(ByteReader in, FrozenWindow window) {
        double energy = in.fp64();
        double escape = in.fp64();
        if (!(energy > 0 && energy < Double.POSITIVE_INFINITY && escape >= 0 && escape <= 1)) {
            throw in.bad("positive energy and escape in [0, 1]", energy + ", " + escape);
        }
        int k = window.rank();
        return new ReferenceLayer(
                energy, escape, in.finite(window.dimension()), in.finite((long) k * k));
    }
}
