package io.spectrawatch.spectral.certificate.structure;

import java.util.Arrays;

/**
 * What turns energies into structure, frozen with the baseline: a column is active for group a
 * where E_a(j) &gt; theta_a, two groups share an edge where both exceed eta in one column, a column
 * is a hub if at least h groups are active in it.
 *
 * <p>A rule of ranks freezes how many columns are active instead of a threshold: the s_a largest of
 * group a. Two groups then share an edge where a column is active for both; theta and eta say where
 * the reference's gaps lay and decide nothing. A change of scale that all columns of a group share
 * does not change such a structure.
 */
public final class StructureRule {
    /** s_a, or null for thresholds. */
    private final int[] sizes;

    private final double[] theta;
    private final double eta;
    private final int hubDegree;

    /**
     * Creates a rule.
     *
     * @param theta activity threshold of each group, finite and not negative
     * @param eta edge threshold, at least every theta
     * @param hubDegree at least 1
     */
    public StructureRule(double[] theta, double eta, int hubDegree) {
        this(theta, eta, hubDegree, null);
    }

    private StructureRule(double[] theta, double eta, int hubDegree, int[] sizes) {
        for (double value : theta) {
            if (!(value >= 0 && value <= eta && eta < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "structure rule: thresholds from 0 to eta = "
                                + eta
                                + " expected, found "
                                + value);
            }
        }
        if (hubDegree < 1 || theta.length == 0) {
            throw new IllegalArgumentException(
                    "structure rule: a hub degree from 1 and at least one group expected, found "
                            + hubDegree
                            + " and "
                            + theta.length);
        }
        this.sizes = sizes;
        this.theta = theta.clone();
        this.eta = eta;
        this.hubDegree = hubDegree;
    }

    /**
     * Returns a rule that takes the largest columns of each group instead of those above its
     * threshold.
     *
     * @param sizes s_a, at least 1 each
     */
    public StructureRule ofRanks(int... sizes) {
        if (sizes.length != theta.length || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "structure rule: at least one column for each of "
                            + theta.length
                            + " groups expected, found "
                            + Arrays.toString(sizes));
        }
        return new StructureRule(theta, eta, hubDegree, sizes.clone());
    }

    /**
     * Places each threshold in the middle of the largest gap of the group's sorted energies, among
     * the gaps whose active columns hold the wanted share of the squared energy. A gap lies between
     * two columns: the distance of the weakest column from zero is none, or in a group of similar
     * columns all of them would be active and the structure would say nothing. A rule of ranks
     * takes as many columns as lie above that gap.
     *
     * @param energies groups x columns
     */
    public static StructureRule atLargestGaps(
            double[] energies, int groups, ThresholdOptions options) {
        int columns = energies.length / groups;
        double[] theta = new double[groups];
        int[] sizes = new int[groups];
        double largest = options.eta();
        for (int a = 0; a < groups; a++) {
            double[] sorted = Arrays.copyOfRange(energies, a * columns, (a + 1) * columns);
            Arrays.sort(sorted);
            sizes[a] = aboveLargestGap(sorted, options);
            double next = sizes[a] == columns ? 0 : sorted[columns - sizes[a] - 1];
            theta[a] = (sorted[columns - sizes[a]] + next) / 2;
            largest = Math.max(largest, theta[a]);
        }
        int degree = options.hubDegree() > 0 ? options.hubDegree() : Math.max(3, (groups + 1) / 2);
        StructureRule rule =
                new StructureRule(theta, options.eta() > 0 ? options.eta() : largest, degree);
        return options.supports() == ThresholdOptions.Supports.RANK ? rule.ofRanks(sizes) : rule;
    }

    /** The number of columns above the largest gap. */
    private static int aboveLargestGap(double[] ascending, ThresholdOptions options) {
        int columns = ascending.length;
        double total = 0;
        for (double energy : ascending) {
            total += energy * energy;
        }
        int most = (int) Math.max(1, Math.min(columns - 1, options.mostActiveShare() * columns));
        int fewest = Math.min(options.fewestActive(), most);
        double held = 0;
        double best = -1;
        int size = 1;
        for (int s = 1; s <= most; s++) {
            double active = ascending[columns - s];
            double next = s == columns ? 0 : ascending[columns - s - 1];
            held += active * active;
            boolean enough = held >= options.energyShare() * total || s == most;
            if (s >= fewest && enough && active - next > best) {
                best = active - next;
                size = s;
            }
        }
        return size;
    }

    /** Returns theta_a. */
    public double theta(int group) {
        return theta[group];
    }

    /** Returns eta. */
    public double eta() {
        return eta;
    }

    /** Returns h. */
    public int hubDegree() {
        return hubDegree;
    }

    /** Returns the number of groups. */
    public int groups() {
        return theta.length;
    }

    public double[] thresholds() {
        return theta;
    }

    /** Whether supports are the largest columns instead of those above a threshold. */
    public boolean ranked() {
        return sizes != null;
    }

    /** s_a of a rule of ranks. */
    public int size(int group) {
        return sizes[group];
    }

    public int[] sizes() {
        return sizes;
    }
}
