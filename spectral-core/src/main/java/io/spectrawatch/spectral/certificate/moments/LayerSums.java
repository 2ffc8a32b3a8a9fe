package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.linalg.Dense;

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
        Dense.addScaled(moment.length, 1, block.moment[half], 0, moment, 0);
        Dense.addScaled(sum.length, 1, block.sum[half], 0, sum, 0);
        rows += n;
        energy += block.energy[half];
    }

    /** Whether no sum overflows when another state's are added or taken out. */
    boolean canAdd(LayerSums other, double sign) {
        return (sign < 0 || rows <= Long.MAX_VALUE - other.rows)
                && Double.isFinite(energy + sign * other.energy)
                && Dense.sumIsFinite(sum, sign, other.sum)
                && Dense.sumIsFinite(moment, sign, other.moment);
    }

    void add(LayerSums other, double sign) {
        Dense.addScaled(sum.length, sign, other.sum, 0, sum, 0);
        Dense.addScaled(moment.length, sign, other.moment, 0, moment, 0);
        rows += (long) sign * other.rows;
        energy += sign * other.energy;
    }

    void write(ByteWriter out) {
        out.int64(rows).fp64(energy).fp64(sum).fp64(moment);
    }

    void read(ByteReader in) {
        rows = in.int64();
        energy = in.fp64();
        System.arraycopy(in.finite(sum.length), 0, sum, 0, sum.length);
        System.arraycopy(in.finite(moment.length), 0, moment, 0, moment.length);
        if (rows < 0 || !Double.isFinite(energy)) {
            throw in.bad("rows from 0 and a finite energy", rows + ", " + energy);
        }
    }
}
