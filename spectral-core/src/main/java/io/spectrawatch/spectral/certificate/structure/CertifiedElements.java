package io.spectrawatch.spectral.certificate.structure;

/**
 * The elements a certificate speaks about: column activities and edges. What the reference cannot
 * resolve is dropped at calibration, openly.
 */
public final class CertifiedElements {
    private final int groups;
    private final int columns;
    private final boolean[] activities;
    private final boolean[] edges;

    public CertifiedElements(int groups, int columns, boolean[] activities, boolean[] edges) {
        this.groups = groups;
        this.columns = columns;
        this.activities = activities;
        this.edges = edges;
    }

    static CertifiedElements all(int groups, int columns) {
        boolean[] activities = new boolean[groups * columns];
        boolean[] edges = new boolean[groups * (groups - 1) / 2];
        java.util.Arrays.fill(activities, true);
        java.util.Arrays.fill(edges, true);
        return new CertifiedElements(groups, columns, activities, edges);
    }

    /** Position of the edge a < b in the list of pairs. */
    public static int pair(int groups, int a, int b) {
        return a * (2 * groups - a - 1) / 2 + (b - a - 1);
    }

    /** Returns whether the activity of a column for a group is certified. */
    public boolean activity(int group, int column) {
        return activities[group * columns + column];
    }

    /** Returns whether the presence or absence of an edge is certified, for a &lt; b. */
    public boolean edge(int a, int b) {
        return edges[pair(groups, a, b)];
    }

    /** Returns the number of certified elements. */
    public int count() {
        return count(activities) + count(edges);
    }

    /** Returns the number of elements, certified or not. */
    public int size() {
        return activities.length + edges.length;
    }

    public int activityCount() {
        return count(activities);
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    public boolean[] activities() {
        return activities;
    }

    public boolean[] edges() {
        return edges;
    }
}
