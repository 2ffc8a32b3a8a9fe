package io.spectrawatch.spectral.certificate.structure;

import io.spectrawatch.spectral.linalg.Dense;
import java.util.Arrays;

/**
 * The structure of a Physical Alignment Matrix under a frozen rule, with the margin of every
 * element (GSA-style certificate, our definition): active supports, core, overlap and noise masks,
 * pairwise incidence graph, connected components, shared supports, hub columns.
 *
 * <p>Theorem: if ||P' - P||_col is below the {@link #radius()}, P and P' have the same structure,
 * and no larger radius has this property. E_a(j) is 1-Lipschitz in the column norm (reverse
 * triangle inequality); an edge can only appear if one column lifts both energies over eta.
 *
 * <p>With a rule of ranks the margin of a column is half its distance from the energy that bounds
 * the support, (E_a(j) - E_(s+1)) / 2 inside and (E_(s) - E_a(j)) / 2 outside: 1-Lipschitz too, and
 * exact, since one column can fall while another rises. An edge is present where max_j min(m_a(j),
 * m_b(j)) of the signed margins is positive; its margin is that number's size, a lower bound of the
 * distance and never below the least margin of the activities behind it.
 */
public final class Structure {
    private final StructureRule rule;
    private final int groups;
    private final int columns;
    private final double[] energies;

    /** Signed margin of each activity, positive where active. */
    private final double[] margins;

    private final boolean[] active;
    private final int[] degree;
    private final boolean[] edges;
    private final double[] edgeMargins;
    private final int[] edgeColumns;

    /**
     * Applies a rule.
     *
     * @param energies E_a(j), groups x columns, finite
     * @throws IllegalArgumentException if an energy is not finite or sizes do not fit
     */
    public Structure(double[] energies, StructureRule rule) {
        this.rule = rule;
        this.groups = rule.groups();
        this.columns = energies.length / groups;
        if (energies.length % groups != 0 || columns == 0 || !Dense.allFinite(energies)) {
            throw new IllegalArgumentException(
                    "structure: finite energies for "
                            + groups
                            + " groups expected, found "
                            + energies.length);
        }
        this.energies = energies.clone();
        this.margins = new double[energies.length];
        this.active = new boolean[energies.length];
        this.degree = new int[columns];
        this.edges = new boolean[groups * groups];
        this.edgeMargins = new double[groups * groups];
        this.edgeColumns = new int[groups * groups];
        for (int a = 0; a < groups; a++) {
            double[] bounds = bounds(a);
            for (int i = a * columns; i < (a + 1) * columns; i++) {
                double inside = energies[i] - bounds[0];
                double outside = energies[i] - bounds[1];
                // The bound is the column's own energy where it is the one next to the gap.
                margins[i] = (inside > 0 ? inside : outside) / (rule.ranked() ? 2 : 1);
                active[i] = inside > 0;
                degree[i % columns] += active[i] ? 1 : 0;
            }
        }
        for (int a = 0; a < groups; a++) {
            for (int b = a + 1; b < groups; b++) {
                if (rule.ranked()) {
                    testSharedColumn(a, b);
                } else {
                    testEdge(a, b);
                }
            }
        }
    }

    /** The energies that active columns exceed and that the others stay below. */
    private double[] bounds(int group) {
        if (!rule.ranked()) {
            return new double[] {rule.theta(group), rule.theta(group)};
        }
        double[] sorted = Arrays.copyOfRange(energies, group * columns, (group + 1) * columns);
        Arrays.sort(sorted);
        int size = rule.size(group);
        if (size >= columns) {
            throw new IllegalArgumentException(
                    "structure: at most "
                            + (columns - 1)
                            + " of the largest columns expected, found "
                            + size);
        }
        return new double[] {sorted[columns - size - 1], sorted[columns - size]};
    }

    private void testSharedColumn(int a, int b) {
        int best = 0;
        for (int j = 1; j < columns; j++) {
            best = common(a, b, j) > common(a, b, best) ? j : best;
        }
        double margin = common(a, b, best);
        setEdge(a, b, margin > 0, Math.abs(margin), best);
    }

    private double common(int a, int b, int j) {
        return Math.min(margins[a * columns + j], margins[b * columns + j]);
    }

    private void testEdge(int a, int b) {
        double highest = Double.NEGATIVE_INFINITY;
        double cheapest = Double.POSITIVE_INFINITY;
        int highestAt = -1;
        int cheapestAt = -1;
        for (int j = 0; j < columns; j++) {
            double missingA = Math.max(rule.eta() - energies[a * columns + j], 0);
            double missingB = Math.max(rule.eta() - energies[b * columns + j], 0);
            double cost = missingA * missingA + missingB * missingB;
            double excess =
                    Math.min(energies[a * columns + j], energies[b * columns + j]) - rule.eta();
            if (excess > highest) {
                highest = excess;
                highestAt = j;
            }
            if (cost < cheapest) {
                cheapest = cost;
                cheapestAt = j;
            }
        }
        boolean present = highest > 0;
        setEdge(
                a,
                b,
                present,
                present ? highest : Math.sqrt(cheapest),
                present ? highestAt : cheapestAt);
    }

    private void setEdge(int a, int b, boolean present, double margin, int column) {
        for (int at : new int[] {a * groups + b, b * groups + a}) {
            edges[at] = present;
            edgeMargins[at] = margin;
            edgeColumns[at] = column;
        }
    }

    /** Returns the rule. */
    public StructureRule rule() {
        return rule;
    }

    /** Returns the number of groups. */
    public int groups() {
        return groups;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns E_a(j). */
    public double energy(int group, int column) {
        return energies[group * columns + column];
    }

    /** Returns whether a column is active for a group. */
    public boolean active(int group, int column) {
        return active[group * columns + column];
    }

    /**
     * Returns the exact distance, in column norm, to a change of this activity: |E_a(j) - theta_a|,
     * or half the distance from the bound of the support by rank.
     */
    public double activityMargin(int group, int column) {
        return Math.abs(margins[group * columns + column]);
    }

    /** Returns the active columns of a group, ascending. */
    public int[] support(int group) {
        return columnsWhere(j -> active(group, j));
    }

    /** Returns whether two different groups share an edge. */
    public boolean edge(int a, int b) {
        return edges[a * groups + b];
    }

    /**
     * Returns the distance, in column norm, to a change of this edge: exact for thresholds, a lower
     * bound for ranks.
     */
    public double edgeMargin(int a, int b) {
        return edgeMargins[a * groups + b];
    }

    /** Returns the columns active for both groups, ascending. */
    public int[] sharedSupport(int a, int b) {
        return columnsWhere(j -> active(a, j) && active(b, j));
    }

    /** Returns the columns in which at least h groups are active, ascending. */
    public int[] hubs() {
        return columnsWhere(j -> degree[j] >= rule.hubDegree());
    }

    private int[] columnsWhere(java.util.function.IntPredicate test) {
        return java.util.stream.IntStream.range(0, columns).filter(test).toArray();
    }

    /** Returns for each group the smallest group of its connected component. */
    public int[] components() {
        int[] component = new int[groups];
        Arrays.setAll(component, a -> a);
        // Labels only fall, so as many rounds as groups settle them.
        for (int round = 0; round < groups; round++) {
            for (int a = 0; a < groups; a++) {
                for (int b = 0; b < groups; b++) {
                    if (edge(a, b)) {
                        component[a] = Math.min(component[a], component[b]);
                    }
                }
            }
        }
        return component;
    }

    /** Returns the number of edges. */
    public int edgeCount() {
        int count = 0;
        for (boolean edge : edges) {
            count += edge ? 1 : 0;
        }
        return count / 2;
    }

    /** Returns the mask of the entries of a group in a column. */
    public Mask mask(int group, int column) {
        if (!active(group, column)) {
            return Mask.NOISE;
        }
        return degree[column] == 1 ? Mask.CORE : Mask.OVERLAP;
    }

    /** Returns the squared Frobenius norm of one part; the three add up to that of P. */
    public double energy(Mask part) {
        double sum = 0;
        for (int i = 0; i < energies.length; i++) {
            if (mask(i / columns, i % columns) == part) {
                sum += energies[i] * energies[i];
            }
        }
        return sum;
    }

    /** Returns whether supports and edges, and with them all their functions, are the same. */
    public boolean sameAs(Structure other) {
        return groups == other.groups
                && columns == other.columns
                && Arrays.equals(active, other.active)
                && Arrays.equals(edges, other.edges);
    }

    /** Returns the static radius over all elements, in column norm. */
    public Radius radius() {
        return radius(CertifiedElements.all(groups, columns));
    }

    /** Returns the static radius over the certified elements alone. */
    public Radius radius(CertifiedElements certified) {
        Radius least = Radius.NOTHING;
        for (int a = 0; a < groups; a++) {
            for (int j = 0; j < columns; j++) {
                double margin = activityMargin(a, j);
                if (certified.activity(a, j) && margin < least.value()) {
                    least = new Radius(margin, Radius.Test.ACTIVITY, a, -1, j);
                }
            }
        }
        for (int a = 0; a < groups; a++) {
            for (int b = a + 1; b < groups; b++) {
                if (certified.edge(a, b) && edgeMargin(a, b) < least.value()) {
                    Radius.Test test =
                            edge(a, b) ? Radius.Test.EDGE_PRESENT : Radius.Test.EDGE_ABSENT;
                    int column = edgeColumns[a * groups + b];
                    least = new Radius(edgeMargin(a, b), test, a, b, column);
                }
            }
        }
        return least;
    }
}
