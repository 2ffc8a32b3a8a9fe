package io.spectrawatch.spectral.linalg;

/** Places in arrays of ascending values. */
public final class Ascending {
    private Ascending() {}

    /** Returns how many values lie below one. */
    public static int below(double[] ascending, double value) {
        return count(ascending, value, false);
    }

    /** Returns how many values lie below one or at it. */
    public static int upTo(double[] ascending, double value) {
        return count(ascending, value, true);
    }

    private static int count(double[] ascending, double value, boolean orEqual) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = orEqual ? ascending[middle] <= value : ascending[middle] < value;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return low;
    }
}
