package io.spectrawatch.ops.demo.attack;

import java.util.Random;

/**
 * The boundary attack (Brendel, Rauber and Bethge, ICLR 2018): from an input of another class along
 * the boundary towards the original, by the model's answers alone. It succeeds within a Euclidean
 * distance of the original.
 */
final class BoundarySearch implements QuerySearch {
    private static final int BISECTIONS = 10;
    private static final double RAISED = 1.5;

    private final float[] original;
    private final int answer;
    private final double near;
    private final Random random;
    private float[] outside;
    private float[] asked;
    private double low;
    private double high = 1;
    private int queries;
    private double sideways = 0.1;
    private double towards = 0.1;
    private boolean fooled;

    /**
     * @param start of another class
     * @param answer the model's answer to the original
     * @param near the distance within which it succeeds
     */
    BoundarySearch(float[] original, float[] start, int answer, double near, Random random) {
        this.original = original;
        this.outside = start;
        this.answer = answer;
        this.near = near;
        this.random = random;
    }

    @Override
    public float[] query() {
        asked = new float[original.length];
        if (queries++ < BISECTIONS) {
            double middle = (low + high) / 2;
            for (int p = 0; p < asked.length; p++) {
                asked[p] = pixel(original[p] + middle * (outside[p] - original[p]));
            }
            return asked;
        }
        double distance = distance(outside);
        double[] step = new double[asked.length];
        double length = 0;
        double along = 0;
        for (int p = 0; p < step.length; p++) {
            step[p] = random.nextGaussian();
            along += step[p] * (outside[p] - original[p]) / distance;
        }
        for (int p = 0; p < step.length; p++) {
            step[p] -= along * (outside[p] - original[p]) / distance;
            length += step[p] * step[p];
        }
        double scale = sideways * distance / Math.sqrt(length);
        double shrink = (1 - towards) / Math.sqrt(1 + sideways * sideways);
        for (int p = 0; p < step.length; p++) {
            asked[p] = pixel(original[p] + shrink * (outside[p] - original[p] + scale * step[p]));
        }
        return asked;
    }

    private static float pixel(double value) {
        return Math.round(Math.max(0, Math.min(255, value)));
    }

    private double distance(float[] from) {
        double sum = 0;
        for (int p = 0; p < from.length; p++) {
            sum += (from[p] - original[p]) * (from[p] - original[p]);
        }
        return Math.sqrt(sum);
    }

    @Override
    public void answer(float[] logits) {
        boolean other = QuerySearch.best(logits) != answer;
        if (queries <= BISECTIONS) {
            double middle = (low + high) / 2;
            high = other ? middle : high;
            low = other ? low : middle;
            if (queries == BISECTIONS) {
                bisected();
            }
            return;
        }
        // A quarter of the steps should succeed (1/5 rule): the steps follow how many do.
        double factor = other ? RAISED : Math.pow(RAISED, -1.0 / 3);
        sideways = Math.min(0.5, sideways * factor);
        towards = Math.min(0.5, towards * factor);
        if (other && distance(asked) < distance(outside)) {
            outside = asked;
            fooled = true;
        }
    }

    private void bisected() {
        float[] found = new float[original.length];
        for (int p = 0; p < found.length; p++) {
            found[p] = pixel(original[p] + high * (outside[p] - original[p]));
        }
        outside = found;
        fooled = true;
    }

    @Override
    public boolean succeeded() {
        return fooled && distance(outside) <= near;
    }
}
