package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.DoubleBuffer;

/**
 * Additive sums of one layer over one half: rows about the anchor, in full width (count, energy,
 * coordinate sums) and in the window (k x k moment).
 */
final class LayerSums {
    final int k;
    final double[] sum;
    final double[] moment;
    long rows;
    double energy;

    /** Largest squared row length seen; a subtraction leaves it. */
    double largest;

    LayerSums(FrozenWindow window) {
        this.k = window.rank();
        this.sum = new double[window.dimension()];
        this.moment = new double[k * k];
    }

    void update(WindowRows block, int half) {
        int n = block.count[half];
        if (n == 0) {
            return;
        }
        Kernels kernels = block.kernels();
        DoubleBuffer product = kernels.workspace().scratch(Role.MOMENT, k * k);
        kernels.gram(k, n, block.part(half), product, 0, k);
        for (int i = 0; i < k; i++) {
            for (int j = i; j < k; j++) {
                moment[i * k + j] += product.get(i * k + j);
                moment[j * k + i] = moment[i * k + j];
            }
        }
        Dense.addScaled(sum.length, 1, block.sum[half], 0, sum, 0);
        rows += n;
        energy += block.energy[half];
        largest = Math.max(largest, block.largest[half]);
    }

    void add(LayerSums other, double sign) {
        Dense.addScaled(sum.length, sign, other.sum, 0, sum, 0);
        Dense.addScaled(moment.length, sign, other.moment, 0, moment, 0);
        rows += (long) sign * other.rows;
        energy += sign * other.energy;
        largest = sign > 0 ? Math.max(largest, other.largest) : largest;
    }

    void write(BinaryWriter out) {
        out.int64(rows).fp64(energy).fp64(largest).fp64(sum).fp64(moment);
    }

    void read(BinaryReader in) {
        rows = in.int64();
        energy = in.fp64();
        largest = in.fp64();
        System.arraycopy(in.finite(sum.length), 0, sum, 0, sum.length);
        System.arraycopy(in.finite(moment.length), 0, moment, 0, moment.length);
        if (rows < 0 || !Double.isFinite(energy) || !Double.isFinite(largest)) {
            throw in.bad("rows from 0 and finite energies", rows + ", " + energy + ", " + largest);
        }
    }
}
