package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.gsvd.PairRatio;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How steep the profiled map is between clean samples that lie close together: the pair ratios of
 * held-out clean samples and the nearest of the reference, by distance.
 *
 * <p>Ratios shrink with the distance, so a pair is ranked among calibration pairs about as far
 * apart: p = (1 + #{ratio_j >= ratio})/(m + 1) in its bin, which is conformal given the bin. Pairs
 * nearer than any of calibration are ranked in the nearest bin.
 */
final class PairTable {
    private static final int MAXIMUM_BINS = 4;

    /** A p-value of half a percent needs 199 pairs; more make it less coarse. */
    private static final int LEAST_BIN_PAIRS = 400;

    /** Fewer pairs could not call anything rare. */
    private static final int LEAST_PAIRS = 100;

    /**
     * Quantile of the calibration distances beyond which two requests have nothing to do with each
     * other: the last tenth are clean samples far from everything.
     */
    private static final double NEAR = 0.9;

    /**
     * Share of the median distance at which two requests count as repeats: rounding of the
     * activations alone, bfloat16 at worst, would decide about their ratio.
     */
    private static final double REPEAT = 2e-3;

    private final GsvdMap map;
    private final double smallest;
    private final double largest;
    private final double[] edges;

    /** Null, as the other, where calibration had too few pairs. */
    private final ConformalTable gains;

    private final ConformalTable lifts;

    private PairTable(
            GsvdMap map,
            double smallest,
            double largest,
            double[] edges,
            ConformalTable gains,
            ConformalTable lifts) {
        this.map = map;
        this.smallest = smallest;
        this.largest = largest;
        this.edges = edges;
        this.gains = gains;
        this.lifts = lifts;
    }

    /**
     * Calibrates.
     *
     * @param heldOut clean rows that the map was not fitted on
     * @param size reference samples to find the nearest among
     */
    static PairTable fit(GsvdMap map, Projected reference, List<Projected> heldOut, int size) {
        SampleMeans means = SampleMeans.of(reference, map);
        List<RecentRequests.Request> trusted = new ArrayList<>();
        for (int chosen : Coreset.choose(means.size(), size)) {
            trusted.add(request(map, "", 0, means.input(chosen), means.image(chosen)));
        }
        Coreset coreset = Coreset.of(inputs(trusted));
        List<PairRatio> pairs = new ArrayList<>();
        for (Projected rows : heldOut) {
            pairs.addAll(pairs(map, SampleMeans.of(rows, map), trusted, coreset, rows));
        }
        pairs.sort(Comparator.comparingDouble(PairRatio::distance));
        return of(map, pairs);
    }

    private static Matrix inputs(List<RecentRequests.Request> requests) {
        Matrix inputs = new Matrix(requests.size(), requests.get(0).input().length);
        for (int i = 0; i < inputs.rows(); i++) {
            inputs.setRow(i, requests.get(i).input());
        }
        return inputs;
    }

    private static List<PairRatio> pairs(
            GsvdMap map,
            SampleMeans means,
            List<RecentRequests.Request> trusted,
            Coreset coreset,
            Projected rows) {
        List<RecentRequests.Request> requests = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            requests.add(request(map, "", 0, means.input(i), means.image(i)));
        }
        Coreset.Distances distances = coreset.squaredDistances(rows.kernels(), inputs(requests));
        double[] row = new double[coreset.size()];
        List<PairRatio> pairs = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            distances.row(i, row);
            RecentRequests.Request request = requests.get(i);
            int nearest = GsvdScore.nearest(row, request.norm() * request.norm());
            if (nearest >= 0) {
                pairs.add(RecentRequests.ratio(request, trusted.get(nearest), row[nearest]));
            }
        }
        return pairs;
    }

    private static PairTable of(GsvdMap map, List<PairRatio> ascending) {
        if (ascending.size() < LEAST_PAIRS) {
            return new PairTable(map, 0, 0, new double[0], null, null);
        }
        int kept = (int) (NEAR * ascending.size());
        int bins = Math.max(1, Math.min(MAXIMUM_BINS, kept / LEAST_BIN_PAIRS));
        double[] edges = new double[bins - 1];
        for (int b = 1; b < bins; b++) {
            edges[b - 1] = ascending.get(b * kept / bins).distance();
        }
        double[] gains = new double[kept];
        double[] lifts = new double[kept];
        int[] binOf = new int[kept];
        for (int i = 0; i < kept; i++) {
            gains[i] = ascending.get(i).gain();
            lifts[i] = ascending.get(i).lift();
            binOf[i] = bin(edges, ascending.get(i).distance());
        }
        return new PairTable(
                map,
                REPEAT * ascending.get(ascending.size() / 2).distance(),
                ascending.get(kept - 1).distance(),
                edges,
                ConformalTable.of(gains, binOf, bins, 1),
                ConformalTable.of(lifts, binOf, bins, 1));
    }

    private static int bin(double[] edges, double distance) {
        int bin = 0;
        while (bin < edges.length && edges[bin] <= distance) {
            bin++;
        }
        return bin;
    }

    /** Returns a sample as a request. */
    RecentRequests.Request request(String id, int answer, double[] input, double[] image) {
        return request(map, id, answer, input, image);
    }

    private static RecentRequests.Request request(
            GsvdMap map, String id, int answer, double[] input, double[] image) {
        GsvdProfile profile = map.profile();
        double norm =
                Math.max(Math.sqrt(Matrix.sumOfSquares(input, 0, input.length)), Double.MIN_NORMAL);
        double[] h = profile.coordinates(image, 0);
        return new RecentRequests.Request(id, answer, input, h, profile.tail(h, norm), norm);
    }

    /** Distances at or below this are repeats. */
    double smallest() {
        return smallest;
    }

    /** Distances above this are unrelated inputs; 0 where nothing was calibrated. */
    double largest() {
        return largest;
    }

    /** Window coordinates of a request's input. */
    int width() {
        return map.trusted().rows().columns();
    }

    /** Coordinates of a request's image. */
    int dimension() {
        return map.profile().dimension();
    }

    SteepPair judge(RecentRequests.Near near) {
        PairRatio ratio = near.ratio();
        int bin = bin(edges, ratio.distance());
        return new SteepPair(
                near.request().id(),
                near.request().answer(),
                ratio,
                gains.p(Scorer.orOverflow(ratio.gain()), bin),
                lifts.p(Scorer.orOverflow(ratio.lift()), bin),
                1.0 / (lifts.samples(bin) + 1));
    }

    /**
     * Writes the table.
     *
     * <pre>
     *   int bins, 0 where nothing was calibrated
     *   double smallest | double largest | (bins - 1) x double edge | table of gains | of lifts
     * </pre>
     */
    void write(DataOutput out) throws IOException {
        out.writeInt(lifts == null ? 0 : edges.length + 1);
        if (lifts == null) {
            return;
        }
        out.writeDouble(smallest);
        out.writeDouble(largest);
        for (double edge : edges) {
            out.writeDouble(edge);
        }
        gains.write(out);
        lifts.write(out);
    }

    static PairTable read(DetectorInput in, GsvdMap map) throws IOException {
        int bins = in.integer("bins of pairs", 0, MAXIMUM_BINS);
        if (bins == 0) {
            return new PairTable(map, 0, 0, new double[0], null, null);
        }
        double smallest = in.finite("distance of repeats");
        double largest = in.finite("distance of pairs");
        double[] edges = new double[bins - 1];
        double before = smallest;
        for (int b = 0; b < edges.length; b++) {
            edges[b] = in.finite("edge of a bin of pairs");
            before = ascending(before, edges[b]);
        }
        ascending(before, largest);
        ascending(0, smallest);
        return new PairTable(
                map,
                smallest,
                largest,
                edges,
                ConformalTable.read(in, bins),
                ConformalTable.read(in, bins));
    }

    private static double ascending(double before, double distance) throws IOException {
        if (distance < before) {
            throw new IOException(
                    "distances of pairs: ascending from 0 expected, found "
                            + distance
                            + " after "
                            + before);
        }
        return distance;
    }
}
