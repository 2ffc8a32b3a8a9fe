package io.spectrawatch.ops.demo.attack;

import java.util.Random;

/**
 * The square attack within a distance of every pixel (Andriushchenko et al., ECCV 2020): stripes
 * first, then squares of pixels moved to either bound, kept where the margin falls. Squares shrink
 * as the authors' schedule says.
 */
final class SquareSearch implements QuerySearch {
    private static final double FIRST_SHARE = 0.8;

    /** Queries, of 10,000, after which the share of pixels that move is halved. */
    private static final int[] HALVED_AT = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

    private final float[] original;
    private final int side;
    private final int answer;
    private final float bound;
    private final int budget;
    private final Random random;
    private float[] best;
    private float[] asked;
    private double least = Double.POSITIVE_INFINITY;
    private int queries;

    /**
     * @param answer the model's answer to the original
     * @param bound of the change of a pixel
     * @param budget queries that the schedule is scaled to
     */
    SquareSearch(float[] original, int side, int answer, float bound, int budget, Random random) {
        this.original = original;
        this.side = side;
        this.answer = answer;
        this.bound = bound;
        this.budget = budget;
        this.random = random;
    }

    @Override
    public float[] query() {
        asked = best == null ? original.clone() : best.clone();
        if (best == null) {
            for (int column = 0; column < side; column++) {
                move(0, column, side, 1);
            }
        } else {
            int size = Math.max(1, (int) Math.round(Math.sqrt(share() * side * side)));
            size = Math.min(size, side - 1);
            move(random.nextInt(side - size + 1), random.nextInt(side - size + 1), size, size);
        }
        queries++;
        return asked;
    }

    private void move(int row, int column, int rows, int columns) {
        float step = random.nextBoolean() ? bound : -bound;
        for (int i = row; i < row + rows; i++) {
            for (int j = column; j < column + columns; j++) {
                int at = i * side + j;
                asked[at] = Math.round(Math.max(0, Math.min(255, original[at] + step)));
            }
        }
    }

    private double share() {
        double share = FIRST_SHARE;
        for (int at : HALVED_AT) {
            share /= queries * 10_000.0 / budget > at ? 2 : 1;
        }
        return share;
    }

    @Override
    public void answer(float[] logits) {
        double other = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < logits.length; c++) {
            other = c == answer ? other : Math.max(other, logits[c]);
        }
        if (best == null || logits[answer] - other < least) {
            least = logits[answer] - other;
            best = asked;
        }
    }

    @Override
    public boolean succeeded() {
        return least < 0;
    }
}
