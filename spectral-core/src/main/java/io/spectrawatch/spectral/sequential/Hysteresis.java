package io.spectrawatch.spectral.sequential;

/**
 * When an alert counts as resolved: after a number of consecutive calm scores. This is a rule, not
 * a test; it carries no probability.
 *
 * @param level a score at or below it is calm
 * @param needed consecutive calm scores needed, at least 1
 * @param calm calm scores seen so far
 */
public record Hysteresis(double level, int needed, int calm) {
    /** Checks the ranges. */
    public Hysteresis {
        if (Double.isNaN(level) || needed < 1 || calm < 0 || calm > needed) {
            throw new IllegalArgumentException(
                    "hysteresis: a level, at least one needed and at most that many calm scores"
                            + " expected, found "
                            + level
                            + ", "
                            + needed
                            + ", "
                            + calm);
        }
    }

    /** Returns the rule before its first score. */
    public static Hysteresis of(double level, int needed) {
        return new Hysteresis(level, needed, 0);
    }

    /** Returns the rule after one more score. */
    public Hysteresis observe(double score) {
        return new Hysteresis(level, needed, score <= level ? Math.min(calm + 1, needed) : 0);
    }

    /** Returns whether enough calm scores came in a row. */
    public boolean resolved() {
        return calm == needed;
    }
}
