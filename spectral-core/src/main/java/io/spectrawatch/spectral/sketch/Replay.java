package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides whether two sketches can come from the same rows, on other devices, in other blocks or
 * another merge tree.
 *
 * <p>Both differ from the one true moment by their own certificate, so -(D1+ + D2- + e) I &lt;=
 * B1^T B1 - B2^T B2 &lt;= (D2+ + D1- + e) I, and rows, weight, mean and energy agree. This refutes,
 * it does not prove: a change of the rows smaller than the bounds passes, so an audit compares
 * input hash chains as well.
 */
public final class Replay {
    /**
     * How far a recorded bound may be from the recomputed one, either way: the same steps in
     * another order of summation move eigenvalues, and with them the bounds, by rounding alone.
     */
    public static final double LEDGER_FACTOR = 2;

    private Replay() {}

    /** The outcome. */
    public enum Verdict {
        /** The same bytes. */
        IDENTICAL,
        /** Every difference is explained by the certificates. */
        WITHIN_BOUND,
        /** No set of rows has both sketches. */
        DIVERGED
    }

    /**
     * The outcome with its evidence.
     *
     * @param verdict IDENTICAL, WITHIN_BOUND or DIVERGED
     * @param least smallest eigenvalue of B1^T B1 - B2^T B2
     * @param most its largest eigenvalue
     * @param allowedLeast lower bound for the former
     * @param allowedMost upper bound for the latter
     * @param violations what disagrees, in words; empty unless DIVERGED
     * @param direction unit vector (d) along which the inequality fails most, empty if it holds
     */
    public record Comparison(
            Verdict verdict,
            double least,
            double most,
            double allowedLeast,
            double allowedMost,
            List<String> violations,
            double[] direction) {}

    /**
     * Compares a recorded sketch, whose own bounds nobody vouches for, with the recomputed one: a
     * bound of the former counts only up to {@link #LEDGER_FACTOR} times that of the latter.
     *
     * @throws IncompatibleSketchException if their dimension or anchor differ
     */
    public static Comparison audit(
            SecondMomentSketch recorded, SecondMomentSketch recomputed, Kernels kernels) {
        Comparison comparison = compare(recorded, recomputed, kernels);
        List<String> violations = new ArrayList<>(comparison.violations());
        CentredSketch a = (CentredSketch) recorded;
        CentredSketch b = (CentredSketch) recomputed;
        boolean sameRule =
                a.kind() == b.kind()
                        && a.options.sketchRows() == b.options.sketchRows()
                        && a.options.alpha() == b.options.alpha()
                        && a.options.decay() == b.options.decay()
                        && a.options.rounding() == b.options.rounding();
        if (!sameRule) {
            violations.add("options " + a.options + " and " + b.options);
        }
        bound("deltaPlus", a.deltaPlus, b.deltaPlus, b.roundoff, violations);
        bound("deltaMinus", a.deltaMinus, b.deltaMinus, b.roundoff, violations);
        bound("shed", a.shed, b.shed, b.roundoff, violations);
        bound("roundoff", a.roundoff, b.roundoff, 0, violations);
        bound("error of the mean", a.mean.error, b.mean.error, 0, violations);
        if (violations.size() == comparison.violations().size()) {
            return comparison;
        }
        return new Comparison(
                Verdict.DIVERGED,
                comparison.least(),
                comparison.most(),
                comparison.allowedLeast(),
                comparison.allowedMost(),
                List.copyOf(violations),
                comparison.direction());
    }

    /** Whether a recorded bound is what the recomputed one vouches for. */
    public static boolean vouched(double recorded, double recomputed, double rounding) {
        return recorded <= LEDGER_FACTOR * recomputed + rounding
                && recorded >= recomputed / LEDGER_FACTOR - rounding;
    }

    private static void bound(
            String what,
            double recorded,
            double recomputed,
            double rounding,
            List<String> violations) {
        if (!vouched(recorded, recomputed, rounding)) {
            violations.add(
                    what
                            + " "
                            + recorded
                            + " recorded, "
                            + recomputed
                            + " recomputed: more than "
                            + LEDGER_FACTOR
                            + " times apart");
        }
    }

    /**
     * Compares two sketches.
     *
     * @throws IncompatibleSketchException if their dimension or anchor differ, so that they speak
     *     of different moments
     */
    public static Comparison compare(
            SecondMomentSketch first, SecondMomentSketch second, Kernels kernels) {
        if (first.dimension() != second.dimension() || !first.anchor().equals(second.anchor())) {
            throw new IncompatibleSketchException(
                    "replay: dimension "
                            + first.dimension()
                            + " and "
                            + first.anchor()
                            + " expected, found "
                            + second.dimension()
                            + " and "
                            + second.anchor());
        }
        CentredSketch a = (CentredSketch) first;
        CentredSketch b = (CentredSketch) second;
        if (Arrays.equals(a.toBytes(), b.toBytes())) {
            return new Comparison(Verdict.IDENTICAL, 0, 0, 0, 0, List.of(), new double[0]);
        }
        return compare(a, b, kernels);
    }

    private static Comparison compare(CentredSketch a, CentredSketch b, Kernels kernels) {
        List<String> violations = new ArrayList<>();
        if (a.rows != b.rows) {
            violations.add("rows " + a.rows + " and " + b.rows);
        }
        double rounding = a.roundoff + b.roundoff;
        check("weight", a.mean.weight, b.mean.weight, 1e-9 * a.mean.weight, violations);
        check("energy", a.energy, b.energy, rounding, violations);
        compareMeans(a, b, violations);
        Extremes extremes =
                a instanceof FrequentDirections x && b instanceof FrequentDirections y
                        ? ofDirections(x, y, kernels)
                        : ofMoments(a, b, kernels);
        double slack = rounding + extremes.rounding();
        double allowedLeast = -(a.deltaPlus + b.deltaMinus + slack);
        double allowedMost = b.deltaPlus + a.deltaMinus + slack;
        double[] direction = new double[0];
        if (extremes.least() < allowedLeast || extremes.most() > allowedMost) {
            boolean below = allowedLeast - extremes.least() > extremes.most() - allowedMost;
            direction = below ? extremes.lowest() : extremes.highest();
            violations.add(
                    "eigenvalues of the difference from "
                            + extremes.least()
                            + " to "
                            + extremes.most()
                            + ", allowed from "
                            + allowedLeast
                            + " to "
                            + allowedMost);
        }
        Verdict verdict = violations.isEmpty() ? Verdict.WITHIN_BOUND : Verdict.DIVERGED;
        return new Comparison(
                verdict,
                extremes.least(),
                extremes.most(),
                allowedLeast,
                allowedMost,
                List.copyOf(violations),
                direction);
    }

    private static void compareMeans(CentredSketch a, CentredSketch b, List<String> violations) {
        double square = 0;
        for (int j = 0; j < a.dimension; j++) {
            double gap = a.mean.value.get(j) - b.mean.value.get(j);
            square += gap * gap;
        }
        check("mean", Math.sqrt(square), 0, a.mean.error + b.mean.error, violations);
    }

    private static void check(
            String what, double x, double y, double tolerance, List<String> violations) {
        if (!(Math.abs(x - y) <= tolerance)) {
            violations.add(what + " differs by " + Math.abs(x - y) + ", allowed " + tolerance);
        }
    }

    private record Extremes(
            double least, double most, double[] lowest, double[] highest, double rounding) {}

    private static Extremes ofDirections(
            FrequentDirections a, FrequentDirections b, Kernels kernels) {
        int d = a.dimension;
        int m = a.rank + b.rank;
        if (m == 0) {
            return new Extremes(0, 0, new double[d], new double[d], 0);
        }
        DoubleBuffer stack = kernels.workspace().scratch(Role.ROWS, m * d);
        stack.put(0, a.state(), 0, a.rank * d);
        stack.put(a.rank * d, b.state(), 0, b.rank * d);
        SignedStack signed = new SignedStack(kernels, stack, a.rank, b.rank, d);
        // Directions outside the stack contribute zero.
        double least = m < d ? Math.min(signed.value(0), 0) : signed.value(0);
        double most = m < d ? Math.max(signed.value(m - 1), 0) : signed.value(m - 1);
        return new Extremes(least, most, signed.vector(0), signed.vector(m - 1), signed.rounding());
    }

    private static Extremes ofMoments(CentredSketch a, CentredSketch b, Kernels kernels) {
        int d = a.dimension;
        DoubleBuffer difference = kernels.workspace().take(d * d);
        DoubleBuffer other = kernels.workspace().take(d * d);
        a.momentInto(difference);
        b.momentInto(other);
        for (int i = 0; i < d * d; i++) {
            difference.put(i, difference.get(i) - other.get(i));
        }
        DoubleBuffer values = kernels.workspace().scratch(Role.VALUES, d);
        kernels.eigen(d, difference, values);
        double[] lowest = new double[d];
        double[] highest = new double[d];
        difference.get(0, lowest);
        difference.get((d - 1) * d, highest);
        double least = values.get(0);
        double most = values.get(d - 1);
        kernels.workspace().give(difference);
        kernels.workspace().give(other);
        double size = Math.max(Math.abs(least), Math.abs(most));
        double rounding =
                Roundoff.EIGENSOLVER * d * Roundoff.UNIT * size
                        + Roundoff.gamma(4) * (a.energy + b.energy);
        return new Extremes(least, most, lowest, highest, rounding);
    }
}
