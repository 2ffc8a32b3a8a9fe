package io.spectrawatch.spectral.certificate.structure;

/**
 * A static radius and the test that binds it: every perturbation below it in column norm keeps the
 * structure, and some perturbation just above it does not.
 *
 * @param value r, in units of the matrix; infinite if nothing is certified
 * @param test the binding test
 * @param group its group, -1 if none
 * @param other the second group of an edge, else -1
 * @param column its column, -1 if none
 */
public record Radius(double value, Test test, int group, int other, int column) {
    /** What binds. */
    public enum Test {
        /** The distance of one group-column energy from its threshold. */
        ACTIVITY,
        /** The excess of the strongest common column of an edge. */
        EDGE_PRESENT,
        /** The cheapest way to create an edge. */
        EDGE_ABSENT,
        /** Nothing is certified. */
        NONE
    }

    static final Radius NOTHING = new Radius(Double.POSITIVE_INFINITY, Test.NONE, -1, -1, -1);
}
