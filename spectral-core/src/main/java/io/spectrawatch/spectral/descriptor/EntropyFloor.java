package io.spectrawatch.spectral.descriptor;

/**
 * The least entropy of the spectra p that a certificate allows and whose squares sum to at most Q.
 *
 * <p>Weak duality: for any a and any b of 0 or more, every such p has an entropy of at least
 *
 * <pre>
 *   a - b Q + sum over i of min { -x ln x + b x^2 - a x : a_i &lt;= x &lt;= b_i },
 * </pre>
 *
 * since what is added to the entropy, a (1 - sum p) + b (sum p^2 - Q), is not positive (Boyd and
 * Vandenberghe, Convex Optimization, 5.1.3). So a search for the best a and b, however inexact,
 * gives a bound that holds. Without boxes it would be Renyi's, -ln Q, at the best; with them the
 * leading entries, which are known, use up their part of Q, and the others have to be flat.
 *
 * <p>The summand is concave up to 1 / (2 b) and convex from there: its minimum is at an end of the
 * box or at the larger root of its derivative.
 */
final class EntropyFloor {
    /** Halvings of a, beyond which the bound does not change in six digits. */
    private static final int HALVINGS = 30;

    /** Golden sections of ln b around -ln Q, likewise. */
    private static final int SECTIONS = 20;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** The best b is within this factor of 1 / Q unless Q says almost nothing. */
    private static final double RANGE = 16;

    private static final int NEWTON = 40;

    /** Rounding of a sum of some thousand summands. */
    private static final double EVALUATION = 1e-10;

    private final FeasibleSpectrum feasible;
    private final double squares;

    /** Sum of the minimising entries, by the last evaluation. */
    private double sum;

    private EntropyFloor(FeasibleSpectrum feasible, double squares) {
        this.feasible = feasible;
        this.squares = squares;
    }

    /**
     * Returns the bound, in nats, from 0.
     *
     * @param squares Q, positive
     */
    static double of(FeasibleSpectrum feasible, double squares) {
        EntropyFloor floor = new EntropyFloor(feasible, squares);
        double best = floor.search();
        return Math.max(best - EVALUATION * (1 + Math.abs(best)), 0);
    }

    /** The best b for the best a each; concave in b, hence with one peak also in ln b. */
    private double search() {
        double low = -Math.log(squares * RANGE);
        double high = -Math.log(squares / RANGE);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = most(Math.exp(left));
        double atRight = most(Math.exp(right));
        for (int i = 0; i < SECTIONS; i++) {
            if (atLeft < atRight) {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = most(Math.exp(right));
            } else {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = most(Math.exp(left));
            }
        }
        return Math.max(atLeft, atRight);
    }

    /** The best a for a b: where the minimising entries sum to 1. */
    private double most(double b) {
        double low = -1;
        double high = 2 * b + 50;
        double best = 0;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            best = Math.max(best, evaluate(middle, b));
            if (sum > 1) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return best;
    }

    private double evaluate(double a, double b) {
        sum = 0;
        double value = a - b * squares;
        for (int i = 0; i < feasible.size(); i++) {
            value += least(feasible.lower(i), feasible.upper(i), a, b, 1);
        }
        return value + least(0, feasible.tailUpper(), a, b, feasible.tail());
    }

    /** The minimum of the summand over a box that so many entries have, together. */
    private double least(double low, double high, double a, double b, long count) {
        if (count == 0) {
            return 0;
        }
        double atLow = summand(low, a, b);
        double atHigh = summand(high, a, b);
        double x = atLow <= atHigh ? low : high;
        double value = Math.min(atLow, atHigh);
        double from = b > 0 ? Math.max(low, 1 / (2 * b)) : high;
        if (from < high && slope(from, a, b) < 0 && slope(high, a, b) > 0) {
            // From the right Newton stays right of the root of this convex function.
            double root = high;
            for (int i = 0; i < NEWTON; i++) {
                double next = root - slope(root, a, b) / (2 * b - 1 / root);
                if (!(next < root && next >= from)) {
                    break;
                }
                root = next;
            }
            // The tangent is below the convex part, wherever Newton stopped.
            double tangent = summand(root, a, b) - Math.abs(slope(root, a, b)) * (high - from);
            if (tangent < value) {
                value = tangent;
                x = root;
            }
        }
        sum += count * x;
        return count * value;
    }

    private static double summand(double x, double a, double b) {
        return x > 0 ? x * (b * x - a - Math.log(x)) : 0;
    }

    private static double slope(double x, double a, double b) {
        return 2 * b * x - a - 1 - Math.log(x);
    }
}
