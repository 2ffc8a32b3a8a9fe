package io.spectrawatch.spectral.detect.input;

import java.util.ArrayList;
import java.util.List;

/**
 * A tapped tensor.
 *
 * @param name its name in the model
 * @param role what it is to the model
 * @param dimension columns
 * @param ofSample whether a sample has one row of it where it has several of the others
 */
public record Tap(String name, TapRole role, int dimension, boolean ofSample) {
    /** Checks the dimension. */
    public Tap {
        if (dimension < 1) {
            throw new IllegalArgumentException(
                    "tap '" + name + "': a dimension of at least 1, found " + dimension);
        }
        if (ofSample && role == TapRole.LOGITS) {
            throw new IllegalArgumentException(
                    "tap '" + name + "': logits of every row expected, found one row per sample");
        }
    }

    /** A tap that has all rows of a sample. */
    public Tap(String name, TapRole role, int dimension) {
        this(name, role, dimension, false);
    }

    /** Returns the same tap with all rows of a sample. */
    public Tap ofRows() {
        return new Tap(name, role, dimension);
    }

    /** Returns those of taps that have all rows of a sample. */
    public static List<Tap> ofRows(List<Tap> taps) {
        return taps.stream().filter(tap -> !tap.ofSample()).toList();
    }

    /**
     * Returns where taps go that stand in the order of the model: those that a sample has one row
     * of behind the others, which are the layers.
     *
     * @return by place the index in {@code taps}
     */
    public static int[] order(List<Tap> taps) {
        List<Integer> order = new ArrayList<>();
        for (boolean ofSample : new boolean[] {false, true}) {
            for (int t = 0; t < taps.size(); t++) {
                if (taps.get(t).ofSample() == ofSample) {
                    order.add(t);
                }
            }
        }
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
