package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.rank.ConformalTable;
import io.spectrawatch.spectral.detect.rank.RankTable;
import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.gsvd.PairRatio;
import io.spectrawatch.spectral.linalg.Matrix;
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
 * apart: p = (1 + #{ratio_j >= ratio})/(m + 1) in its bin, which is conformal given the bin up to
 * the one pair at its edge. Pairs nearer than any of calibration are ranked in the nearest bin, and
 * say so: of them the ranks are no theorem.
 *
 * <p>Exchangeable with the calibration's are samples paired with the nearest of the same reference
 * samples. A client's request and the nearest of its last ones need not be such a pair, so of the
 * stream the ranks promise nothing.
 */
public final class PairTable {
    private static final int MAXIMUM_BINS = 4;

    /** A p-value of half a percent needs 199 pairs; more make it less coarse. */
    private static final int LEAST_BIN_PAIRS = 400;

    /** Of fewer the near nine tenths could not give a p-value of half a percent. */
    private static final int LEAST_PAIRS = 223;

    /**
     * Quantile of the calibration distances beyond which two requests have nothing to do with each
     * other: the last tenth are clean samples far from everything.
     */
    private static final double NEAR = 0.9;

    private final GsvdMap map;
    private final double repeat;
    private final double nearest;
    private final double farthest;
    private final double[] edges;

    /** Null, as the other, where calibration had too few pairs. */
    private final RankTable gains;

    private final RankTable lifts;

    private PairTable(
            GsvdMap map,
            double repeat,
            double nearest,
            double farthest,
            double[] edges,
            RankTable gains,
            RankTable lifts) {
        this.map = map;
        this.repeat = repeat;
        this.nearest = nearest;
        this.farthest = farthest;
        this.edges = edges;
        this.gains = gains;
        this.lifts = lifts;
    }

    /**
     * Calibrates.
     *
     * @param heldOut clean rows that the map was not fitted on
     * @param repeat distance at or below which rounding alone may tell two requests apart
     * @param size reference samples to find the nearest among
     */
    public static PairTable fit(
            GsvdMap map, Projected reference, List<Projected> heldOut, double repeat, int size) {
        SampleMeans means = SampleMeans.of(reference, map);
        List<RecentRequests.Request> trusted = new ArrayList<>();
        for (int chosen : Coreset.choose(means.size(), size)) {
            trusted.add(request(map, "", 0, 0, means.input(chosen), means.image(chosen)));
        }
        Coreset coreset = Coreset.of(inputs(trusted));
        List<PairRatio> pairs = new ArrayList<>();
        for (Projected rows : heldOut) {
            pairs.addAll(pairs(map, rows, trusted, coreset, repeat));
        }
        pairs.sort(Comparator.comparingDouble(PairRatio::distance));
        return of(map, pairs, repeat);
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
            Projected rows,
            List<RecentRequests.Request> trusted,
            Coreset coreset,
            double repeat) {
        SampleMeans means = SampleMeans.of(rows, map);
        List<RecentRequests.Request> requests = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            requests.add(request(map, "", 0, 0, means.input(i), means.image(i)));
        }
        Coreset.Distances distances = coreset.squaredDistances(rows.kernels(), inputs(requests));
        double[] row = new double[coreset.size()];
        List<PairRatio> pairs = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            distances.row(i, row);
            RecentRequests.Request request = requests.get(i);
            int nearest = Coreset.nearest(row, repeat * repeat);
            if (nearest >= 0) {
                pairs.add(RecentRequests.ratio(request, trusted.get(nearest), row[nearest]));
            }
        }
        return pairs;
    }

    private static PairTable of(GsvdMap map, List<PairRatio> ascending, double repeat) {
        if (ascending.size() < LEAST_PAIRS) {
            return new PairTable(map, 0, 0, 0, new double[0], null, null);
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
            gains[i] = Scorer.orOverflow(ascending.get(i).gain());
            lifts[i] = Scorer.orOverflow(ascending.get(i).lift());
            binOf[i] = bin(edges, ascending.get(i).distance());
        }
        return new PairTable(
                map,
                repeat,
                ascending.get(0).distance(),
                ascending.get(kept - 1).distance(),
                edges,
                ConformalTable.of(gains, binOf, bins),
                ConformalTable.of(lifts, binOf, bins));
    }

    private static int bin(double[] edges, double distance) {
        int bin = 0;
        while (bin < edges.length && edges[bin] <= distance) {
            bin++;
        }
        return bin;
    }

    /** Returns a sample as a request. */
    RecentRequests.Request request(
            String id, long offset, int answer, double[] input, double[] image) {
        return request(map, id, offset, answer, input, image);
    }

    private static RecentRequests.Request request(
            GsvdMap map, String id, long offset, int answer, double[] input, double[] image) {
        GsvdProfile profile = map.profile();
        double norm =
                Math.max(
                        Math.sqrt(Matrix.sumOfSquares(input, 0, input.length)),
                        profile.minimumNorm());
        double[] h = profile.coordinates(image, 0);
        return new RecentRequests.Request(
                id, offset, answer, input, h, profile.tail(h, norm), norm, 1);
    }

    /** Distances at or below this are repeats. */
    double repeat() {
        return repeat;
    }

    /** Distances above this are unrelated inputs; 0 where nothing was calibrated. */
    double farthest() {
        return farthest;
    }

    /** Distances below this are nearer than every pair of calibration. */
    double nearest() {
        return nearest;
    }

    /** Window coordinates of a request's input. */
    int width() {
        return map.trusted().rows().columns();
    }

    /** Coordinates of a request's image. */
    int dimension() {
        return map.profile().dimension();
    }

    NearPair judge(RecentRequests.Near near) {
        PairRatio ratio = near.ratio();
        int bin = bin(edges, ratio.distance());
        return new NearPair(
                near.request().id(),
                near.request().offset(),
                near.request().answer(),
                ratio,
                gains.p(Scorer.orOverflow(ratio.gain()), bin),
                lifts.p(Scorer.orOverflow(ratio.lift()), bin),
                1.0 / (lifts.samples(bin) + 1),
                ratio.distance() < nearest,
                near.depth());
    }

    /**
     * Writes the table.
     *
     * <pre>
     *   int bins, 0 where nothing was calibrated
     *   double repeat | double nearest | double farthest
     *   (bins - 1) x double edge | table of gains | of lifts
     * </pre>
     */
    public void write(DataOutput out) throws IOException {
        out.writeInt(lifts == null ? 0 : edges.length + 1);
        if (lifts == null) {
            return;
        }
        out.writeDouble(repeat);
        out.writeDouble(nearest);
        out.writeDouble(farthest);
        for (double edge : edges) {
            out.writeDouble(edge);
        }
        gains.write(out);
        lifts.write(out);
    }

    /** How tables of so many bins are read, by version. */
    @FunctionalInterface
    public interface TableReader {
        RankTable read(DetectorInput in, int bins) throws IOException;
    }

    public static PairTable read(DetectorInput in, GsvdMap map, TableReader tables)
            throws IOException {
        int bins = in.integer("bins of pairs", 0, MAXIMUM_BINS);
        if (bins == 0) {
            return new PairTable(map, 0, 0, 0, new double[0], null, null);
        }
        double repeat = in.finite("distance of repeats");
        double nearest = in.finite("least distance of pairs");
        double farthest = in.finite("largest distance of pairs");
        double[] edges = new double[bins - 1];
        ascending(0, repeat);
        double before = ascending(repeat, nearest);
        for (int b = 0; b < edges.length; b++) {
            edges[b] = in.finite("edge of a bin of pairs");
            before = ascending(before, edges[b]);
        }
        ascending(before, farthest);
        return new PairTable(
                map,
                repeat,
                nearest,
                farthest,
                edges,
                tables.read(in, bins),
                tables.read(in, bins));
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
