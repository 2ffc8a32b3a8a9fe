package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.gsvd.PairRatio;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * The generalised singular value profile of the map from the first tap's window to the outputs: the
 * gain and the load of a row, and how steep the map is towards the nearest trusted row.
 */
public final class GsvdScore implements SampleScore {
    static final int TAG = 14;

    public enum Form {
        GAIN("gsvd-gain"),
        LOAD("gsvd-load"),
        PAIR_GAIN("gsvd-pair-gain"),
        PAIR_LIFT("gsvd-pair-lift");

        private final String label;

        Form(String label) {
            this.label = label;
        }
    }

    /** Output coordinates the ellipsoid lives in; its cost grows with the square. */
    static final int OUTPUTS = 32;

    /** Strictness of the load: the middle of what keeps both blocks of the lift sensitive. */
    static final double DELTA = 0.5;

    /** Rows nearer to the mean than this quantile of the reference have no meaningful gain. */
    private static final double NEAR = 0.01;

    /** Variances below this share of the largest are rounding of fp32 activations. */
    private static final double RANK_TOLERANCE = 1e-10;

    private final Form form;
    private final GsvdMap map;

    public GsvdScore(Form form, GsvdMap map) {
        this.form = form;
        this.map = map;
    }

    public static Form[] forms() {
        return Form.values();
    }

    /**
     * Fits the map from one tap to another.
     *
     * @throws ArithmeticException if the outputs span fewer directions than they have columns
     */
    public static GsvdMap fit(Projected reference, int from, int to, int size) {
        double[] squared = reference.coordinates(from).squaredNorms();
        double[] norms = Arrays.stream(squared).map(Math::sqrt).toArray();
        double[] sorted = norms.clone();
        Arrays.sort(sorted);
        double least = Math.max(sorted[(int) (NEAR * sorted.length)], Double.MIN_NORMAL);
        Matrix outputs = outputs(reference, to);
        requireSpan(reference.kernels(), outputs);
        GsvdProfile profile =
                GsvdProfile.fit(norms, outputs.toArray(), outputs.mean(), DELTA, least);
        int[] chosen = Coreset.choose(reference.rows(), size);
        return new GsvdMap(
                from,
                to,
                profile,
                Coreset.of(reference.coordinates(from).select(chosen, chosen.length)),
                outputs.select(chosen, chosen.length));
    }

    private static void requireSpan(Kernels kernels, Matrix outputs) {
        Matrix centred = Gaussians.centred(outputs, meanOf(outputs), new int[outputs.rows()]);
        int p = outputs.columns();
        Matrix moment = new Matrix(p, p);
        kernels.addMoment(centred.rows(), p, centred.data(), moment.data());
        DoubleBuffer ascending = Workspace.allocate(p);
        kernels.eigen(p, moment.data(), ascending);
        int spanned = 0;
        while (spanned < p
                && ascending.get(p - 1 - spanned) > RANK_TOLERANCE * ascending.get(p - 1)) {
            spanned++;
        }
        if (spanned < p) {
            throw new ArithmeticException("its " + p + " outputs span " + spanned + " directions");
        }
    }

    private static Matrix meanOf(Matrix rows) {
        return Matrix.of(1, rows.columns(), rows.mean());
    }

    public static Matrix outputs(Projected rows, int to) {
        Matrix all = rows.coordinates(to);
        return all.columns(Math.min(OUTPUTS, all.columns()));
    }

    @Override
    public String name() {
        return form.label;
    }

    @Override
    public boolean twoSided() {
        return form == Form.GAIN || form == Form.LOAD;
    }

    @Override
    public double[] score(Projected rows) {
        boolean pair = form == Form.PAIR_GAIN || form == Form.PAIR_LIFT;
        return pair ? pairs(rows) : own(rows);
    }

    private double[] own(Projected rows) {
        GsvdProfile profile = map.profile();
        double[] outputs = outputs(rows, map.to()).toArray();
        double[] norms = rows.coordinates(map.from()).squaredNorms();
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            double[] h = profile.coordinates(outputs, i * profile.dimension());
            double norm = Math.max(Math.sqrt(norms[i]), profile.minimumNorm());
            out[i] = form == Form.GAIN ? profile.gain(h, norm) : profile.load(h, norm);
        }
        return out;
    }

    private double[] pairs(Projected rows) {
        Matrix inputs = rows.coordinates(map.from());
        double[] outputs = outputs(rows, map.to()).toArray();
        double[] norms = inputs.squaredNorms();
        Coreset.Distances distances = map.trusted().squaredDistances(rows.kernels(), inputs);
        double[] row = new double[map.trusted().size()];
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            distances.row(i, row);
            // A row of the reference itself is no neighbour of its own.
            int nearest = Coreset.nearest(row, 1e-12 * (norms[i] + Double.MIN_NORMAL));
            out[i] = nearest < 0 ? 0 : ratio(outputs, norms[i], i, nearest, row[nearest]);
        }
        return out;
    }

    private double ratio(
            double[] outputs, double squaredNorm, int i, int nearest, double distance) {
        GsvdProfile profile = map.profile();
        double[] h = profile.coordinates(outputs, i * profile.dimension());
        double norm = Math.max(Math.sqrt(squaredNorm), Double.MIN_NORMAL);
        double[] other = map.coordinatesOf(nearest);
        double otherNorm = map.normOf(nearest);
        PairRatio pair =
                PairRatio.of(
                        h,
                        profile.tail(h, norm),
                        norm,
                        other,
                        profile.tail(other, otherNorm),
                        otherNorm,
                        distance);
        return Math.log(
                Math.max(form == Form.PAIR_GAIN ? pair.gain() : pair.lift(), Double.MIN_NORMAL));
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeUTF(form.label);
    }

    static GsvdScore read(DetectorInput in, GsvdMap map) throws IOException {
        return new GsvdScore(in.named("GSVD score", Form.values(), form -> form.label), map);
    }
}
