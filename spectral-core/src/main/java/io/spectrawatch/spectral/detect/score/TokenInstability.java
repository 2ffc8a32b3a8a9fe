package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How unsteady the next-token distribution is: its entropy, plus the Jensen-Shannon divergence
 * (Lin, IEEE Transactions on Information Theory 37, 1991) from that of the row before in the same
 * sample, both over the union of the two rows' {@value #TOP} most probable tokens, in nats.
 */
public final class TokenInstability implements SampleScore {
    static final int TAG = 13;
    static final int TOP = 10;

    @Override
    public String name() {
        return "token-instability";
    }

    @Override
    public boolean readsBefore() {
        return true;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix logits = rows.logits();
        double[] out = new double[rows.rows()];
        double[] before = new double[logits.columns()];
        double[] now = new double[logits.columns()];
        int[] topBefore = null;
        for (int i = 0; i < out.length; i++) {
            logits.row(i, now);
            int[] top = top(now);
            if (i == 0 || rows.samples()[i] != rows.samples()[i - 1]) {
                double[] earlier = rows.before(i);
                before = earlier == null ? before : earlier;
                topBefore = earlier == null ? null : top(earlier);
            }
            boolean follows = topBefore != null;
            int[] union = follows ? union(topBefore, top) : top;
            double[] p = shares(now, union);
            out[i] = entropy(p);
            if (follows) {
                double[] q = shares(before, union);
                double[] middle = new double[p.length];
                for (int j = 0; j < p.length; j++) {
                    middle[j] = (p[j] + q[j]) / 2;
                }
                out[i] += Math.max(0, entropy(middle) - (entropy(p) + entropy(q)) / 2);
            }
            double[] free = before;
            before = now;
            now = free;
            topBefore = top;
        }
        return out;
    }

    private static int[] top(double[] logits) {
        int k = Math.min(TOP, logits.length);
        int[] top = new int[k];
        int count = 0;
        for (int c = 0; c < logits.length; c++) {
            if (count < k || logits[c] > logits[top[k - 1]]) {
                int at = Math.min(count, k - 1);
                while (at > 0 && logits[c] > logits[top[at - 1]]) {
                    top[at] = top[at - 1];
                    at--;
                }
                top[at] = c;
                count = Math.min(k, count + 1);
            }
        }
        return top;
    }

    private static int[] union(int[] a, int[] b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return Arrays.stream(all).sorted().distinct().toArray();
    }

    /** Softmax over the columns named. */
    private static double[] shares(double[] logits, int[] columns) {
        double[] p = new double[columns.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int c : columns) {
            largest = Math.max(largest, logits[c]);
        }
        double sum = 0;
        for (int j = 0; j < p.length; j++) {
            p[j] = Math.exp(logits[columns[j]] - largest);
            sum += p[j];
        }
        for (int j = 0; j < p.length; j++) {
            p[j] /= sum;
        }
        return p;
    }

    private static double entropy(double[] p) {
        double sum = 0;
        for (double share : p) {
            sum -= share > 0 ? share * Math.log(share) : 0;
        }
        return sum;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
    }

    static TokenInstability read(DetectorInput in) throws IOException {
        in.dimension(TapRole.LOGITS);
        return new TokenInstability();
    }
}
