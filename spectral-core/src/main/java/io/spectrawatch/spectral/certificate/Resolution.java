package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.CertifiedElements;
import io.spectrawatch.spectral.certificate.structure.Display;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.linalg.Dense;

/**
 * Which elements of a reference's structure a pool of a given size can hold against it.
 *
 * <p>Half the distance between the reference's two halves is distributed like the reference's own
 * sampling error, and that of a pool is larger by the root of the ratio of rows.
 */
final class Resolution {
    /**
     * Standard errors of the difference between pool and reference by which an element must keep
     * from changing. What lies closer flips from pool to pool without any drift and fills the drift
     * score with noise.
     */
    private static final double STANDARD_ERRORS = 4;

    private final Structure structure;
    private final Structure first;
    private final Structure second;
    private final double[] spread;
    private final double columnSpread;
    private final double error;
    private final long rows;

    /**
     * Compares the halves of a reference.
     *
     * @param error epsilon of the reference
     * @param rows rows of the reference
     */
    Resolution(
            Display display,
            Structure structure,
            Transport half1,
            Transport half2,
            double error,
            long rows) {
        this.structure = structure;
        this.first = new Structure(display.energies(half1.values()), structure.rule());
        this.second = new Structure(display.energies(half2.values()), structure.rule());
        double[] difference = Dense.subtract(half1.values(), half2.values());
        this.spread = display.energies(difference);
        this.columnSpread = display.columnNorm(difference);
        this.error = error;
        this.rows = rows;
    }

    /**
     * Keeps what both halves agree on with a margin above the error and four standard errors of the
     * difference between a pool and the reference.
     *
     * @param poolRows rows of a pool
     */
    CertifiedElements at(long poolRows) {
        double factor = STANDARD_ERRORS * Math.sqrt(1 + (double) rows / poolRows) / 2;
        int columns = structure.columns();
        int count = structure.groups();
        boolean[] activities = new boolean[count * columns];
        boolean[] edges = new boolean[count * (count - 1) / 2];
        for (int a = 0; a < count; a++) {
            double[] rival = rivals(a);
            for (int j = 0; j < columns; j++) {
                boolean active = structure.active(a, j);
                int at = a * columns + j;
                double own = structure.rule().ranked() ? spread[at] / 2 : spread[at];
                activities[at] =
                        structure.activityMargin(a, j)
                                        > error + factor * (own + rival[active ? 0 : 1])
                                && first.active(a, j) == active
                                && second.active(a, j) == active;
            }
            for (int b = a + 1; b < count; b++) {
                boolean edge = structure.edge(a, b);
                edges[CertifiedElements.pair(count, a, b)] =
                        structure.edgeMargin(a, b) > error + factor * columnSpread
                                && first.edge(a, b) == edge
                                && second.edge(a, b) == edge;
            }
        }
        return new CertifiedElements(count, columns, activities, edges);
    }

    /**
     * What the column next to the gap adds to the spread of a margin by rank, half its own: the
     * strongest outside for active columns, the weakest inside for the others.
     */
    private double[] rivals(int group) {
        double[] rivals = new double[2];
        if (!structure.rule().ranked()) {
            return rivals;
        }
        int[] next = {-1, -1};
        for (int j = 0; j < structure.columns(); j++) {
            int side = structure.active(group, j) ? 1 : 0;
            double beyond = next[side] < 0 ? 0 : structure.energy(group, next[side]);
            double energy = structure.energy(group, j);
            if (next[side] < 0 || (side == 0 ? energy > beyond : energy < beyond)) {
                next[side] = j;
            }
        }
        for (int side = 0; side < 2; side++) {
            int at = group * structure.columns() + next[side];
            rivals[side] = next[side] < 0 ? 0 : spread[at] / 2;
        }
        return rivals;
    }
}
