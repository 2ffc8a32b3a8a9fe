package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.DoubleBuffer;

/**
 * Decides whether numbers that were read make a sketch: finite, of the right sign, and in agreement
 * with the ledger that comes with them. A checksum says nothing about who computed it.
 */
final class SketchCheck {
    private SketchCheck() {}

    /**
     * Checks a sketch that was read.
     *
     * @throws SketchFormatException if it cannot be one
     */
    static void require(CentredSketch sketch) {
        requireCounts(sketch);
        requireFinite("mean", sketch.mean.value, sketch.dimension);
        for (int j = 0; j < sketch.dimension; j++) {
            if (Math.abs(sketch.mean.value.get(j)) > CentredSketch.MOST_VALUE) {
                throw new SketchFormatException(
                        "sketch bytes: a mean of at most "
                                + CentredSketch.MOST_VALUE
                                + " in magnitude expected, found "
                                + sketch.mean.value.get(j));
            }
        }
        if (sketch.options.probes() > 0) {
            int products = sketch.options.probes() * sketch.dimension;
            requireFinite("probe products", sketch.probes.products(), products);
        }
        if (sketch instanceof FrequentDirections directions) {
            requireDirections(directions);
        } else {
            requireMoment(sketch, ((ExactMoment) sketch).state());
        }
        try {
            sketch.checkArithmetic();
        } catch (ArithmeticAlarmException e) {
            throw new SketchFormatException("sketch bytes: " + e.getMessage());
        }
    }

    private static void requireCounts(CentredSketch sketch) {
        if (sketch.rows < 0 || sketch.blocks < 0) {
            throw new SketchFormatException(
                    "sketch bytes: rows and blocks from 0 expected, found "
                            + sketch.rows
                            + " and "
                            + sketch.blocks);
        }
        requireSize("weight", sketch.mean.weight);
        requireSize("error of the mean", sketch.mean.error);
        requireSize("energy", sketch.energy);
        if (sketch.energy > CentredSketch.MOST_ENERGY) {
            throw new SketchFormatException(
                    "sketch bytes: an energy of at most "
                            + CentredSketch.MOST_ENERGY
                            + " expected, found "
                            + sketch.energy);
        }
        requireSize("delta plus", sketch.deltaPlus);
        requireSize("delta minus", sketch.deltaMinus);
        requireSize("roundoff", sketch.roundoff);
        if (!Double.isFinite(sketch.shed)) {
            throw new SketchFormatException(
                    "sketch bytes: finite shed expected, found " + sketch.shed);
        }
    }

    private static void requireSize(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new SketchFormatException(
                    "sketch bytes: finite " + name + " from 0 expected, found " + value);
        }
    }

    private static void requireFinite(String name, DoubleBuffer values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values.get(i))) {
                throw new SketchFormatException(
                        "sketch bytes: finite "
                                + name
                                + " expected, found "
                                + values.get(i)
                                + " at "
                                + i);
            }
        }
    }

    /** B's rows are in descending length, and the recorded squares are theirs up to the drift. */
    private static void requireDirections(FrequentDirections sketch) {
        int d = sketch.dimension;
        requireSize("drift", sketch.drift);
        requireLosses(sketch);
        requireFinite("directions", sketch.state(), sketch.rank * d);
        for (int i = 0; i < sketch.rank; i++) {
            double recorded = sketch.squares[i];
            double square = 0;
            for (int j = i * d; j < (i + 1) * d; j++) {
                square += sketch.state().get(j) * sketch.state().get(j);
            }
            double tolerance =
                    sketch.drift + Roundoff.gamma(d + 8.0) * (square + Math.abs(recorded));
            boolean descending = recorded >= 0 && (i == 0 || recorded <= sketch.squares[i - 1]);
            if (!descending || !(Math.abs(square - recorded) <= tolerance)) {
                throw new SketchFormatException(
                        "sketch bytes: descending squares of the directions' lengths expected, found "
                                + recorded
                                + " for "
                                + square
                                + " at "
                                + i);
            }
        }
    }

    /** If known descending, the first of them the ledger's own delta or less. */
    private static void requireLosses(FrequentDirections sketch) {
        double before = sketch.deltaPlus;
        for (double loss : sketch.losses.known()) {
            if (!(loss >= 0 && loss <= before)) {
                throw new SketchFormatException(
                        "sketch bytes: losses descending from "
                                + sketch.deltaPlus
                                + " to 0 at least expected, found "
                                + loss
                                + " after "
                                + before);
            }
            before = loss;
        }
    }

    /**
     * The moment is positive semidefinite but for what its ledger allows, s: |M_ij|^2 is at most
     * (M_ii + s)(M_jj + s).
     */
    private static void requireMoment(CentredSketch sketch, DoubleBuffer moment) {
        int d = sketch.dimension;
        double slack = sketch.deltaPlus + sketch.deltaMinus + sketch.roundoff;
        double largest = 1 + Roundoff.gamma(8);
        double[] lengths = new double[d];
        for (int i = 0; i < d; i++) {
            lengths[i] = Math.sqrt(moment.get(i * (d + 1)) + slack) * largest;
        }
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                // not satisfied by NaN either
                if (!(Math.abs(moment.get(i * d + j)) <= lengths[i] * lengths[j])) {
                    throw new SketchFormatException(
                            "sketch bytes: a positive semidefinite moment expected, found "
                                    + moment.get(i * d + j)
                                    + " at "
                                    + i
                                    + ", "
                                    + j);
                }
            }
        }
    }
}
