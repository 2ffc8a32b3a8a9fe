package io.spectrawatch.spectral.certificate.structure;

import java.util.List;

/**
 * A pane against the reference, element by element and in the large.
 *
 * @param same certified elements proven unchanged
 * @param changed certified elements proven changed in these rows, no statistics involved
 * @param unresolved certified elements whose margin the pane's error reaches
 * @param uncertified elements dropped at calibration
 * @param changes the changed elements with the largest margins, at most 64
 * @param utilisation u = (||P_t - P_ref||_col - eps_t - eps_ref)_+ / r_ref: the share of the radius
 *     consumed for sure
 * @param utilisationUpper u_+ = (||P_t - P_ref||_col + eps_t + eps_ref) / r_ref; below 1 no element
 *     can have changed
 * @param consumption margins consumed by the certified activities: 0 no approach, 1 at the flip
 */
public record ElementComparison(
        int same,
        int changed,
        int unresolved,
        int uncertified,
        List<Change> changes,
        double utilisation,
        double utilisationUpper,
        Consumption consumption) {
    /** Changes listed with a certificate. */
    public static final int MOST_CHANGES = 64;

    /**
     * One changed element.
     *
     * @param kind an activity or an edge
     * @param group its group
     * @param other the second group of an edge, else -1
     * @param column its column, -1 for an edge
     * @param present whether it is present now
     * @param margin its distance from changing back, in column norm
     */
    public record Change(
            Kind kind, int group, int other, int column, boolean present, double margin) {}

    /** Kinds of elements. */
    public enum Kind {
        /** A column active for a group. */
        ACTIVITY,
        /** Two groups with a common strong column. */
        EDGE
    }

    /**
     * Margin consumption v.
     *
     * @param mean over the certified activities
     * @param topDecile mean of the largest tenth
     * @param largest maximum
     * @param group group of the maximum, -1 if nothing is certified
     * @param column its column
     */
    public record Consumption(
            double mean, double topDecile, double largest, int group, int column) {}

    /** Returns the share of certified elements that are resolved. */
    public double resolvedShare() {
        int all = same + changed + unresolved;
        return all == 0 ? 0 : (double) (same + changed) / all;
    }

    /** Returns the verdict on a resolved or unresolved element. */
    public static ElementVerdict verdict(double margin, double error, boolean before, boolean now) {
        if (!(margin > error)) {
            return ElementVerdict.UNRESOLVED;
        }
        return before == now ? ElementVerdict.SAME : ElementVerdict.CHANGED;
    }
}
