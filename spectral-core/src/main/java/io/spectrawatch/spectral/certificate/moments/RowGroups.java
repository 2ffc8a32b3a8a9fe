package io.spectrawatch.spectral.certificate.moments;

import java.util.Arrays;

/**
 * Disjoint groups of the output channels (attention heads, blocks of channels), given, not fitted,
 * and frozen with the baseline. A channel may be in no group; it is then not certified.
 */
public final class RowGroups {
    private final int[] groupOf;
    private final int groups;

    private RowGroups(int[] groupOf, int groups) {
        this.groupOf = groupOf;
        this.groups = groups;
    }

    /**
     * Returns groups from an assignment.
     *
     * @param groupOf for each row its group from 0, or -1; every group up to the largest must occur
     */
    public static RowGroups of(int... groupOf) {
        int groups = Arrays.stream(groupOf).max().orElse(-1) + 1;
        if (groups < 1 || groups > groupOf.length) {
            throw new IllegalArgumentException(
                    "row groups: 1 to " + groupOf.length + " groups expected, found " + groups);
        }
        boolean[] seen = new boolean[groups];
        for (int group : groupOf) {
            if (group < -1) {
                throw new IllegalArgumentException(
                        "row groups: a group from 0, or -1, expected, found " + group);
            }
            if (group >= 0) {
                seen[group] = true;
            }
        }
        for (int a = 0; a < groups; a++) {
            if (!seen[a]) {
                throw new IllegalArgumentException("row groups: group " + a + " has no rows");
            }
        }
        return new RowGroups(groupOf.clone(), groups);
    }

    /** Returns contiguous blocks whose sizes differ by at most one. */
    public static RowGroups equalBlocks(int rows, int groups) {
        if (groups < 1 || groups > rows) {
            throw new IllegalArgumentException(
                    "row groups: 1 to " + rows + " groups expected, found " + groups);
        }
        int[] groupOf = new int[rows];
        for (int i = 0; i < rows; i++) {
            groupOf[i] = (int) ((long) i * groups / rows);
        }
        return new RowGroups(groupOf, groups);
    }

    /**
     * Returns what these groups are to a choice of channels: the group of each chosen channel,
     * without groups of which none was chosen.
     *
     * @param window channels of this object's rows
     */
    public RowGroups of(FrozenWindow window) {
        if (!window.ofChannels() || window.dimension() != groupOf.length) {
            throw new IllegalArgumentException(
                    "row groups: a choice among "
                            + groupOf.length
                            + " channels expected, found a window of "
                            + window.dimension());
        }
        int[] chosen = window.channelValues();
        int[] present = Arrays.stream(chosen).map(c -> groupOf[c]).filter(g -> g >= 0).toArray();
        int[] names = Arrays.stream(present).distinct().sorted().toArray();
        return of(
                Arrays.stream(chosen)
                        .map(c -> groupOf[c] < 0 ? -1 : Arrays.binarySearch(names, groupOf[c]))
                        .toArray());
    }

    /** Returns the number of rows. */
    public int rows() {
        return groupOf.length;
    }

    /** Returns the number of groups. */
    public int groups() {
        return groups;
    }

    /** Returns the group of a row, or -1. */
    public int groupOf(int row) {
        return groupOf[row];
    }

    public int[] assignment() {
        return groupOf;
    }
}
