package io.spectrawatch.schemas;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which sample each row of a snapshot's layers belongs to, whichever way the snapshot says it:
 *
 * <pre>
 * samples say their rows   rows of sample 0 | rows of sample 1 | ...   in all layers but
 *                          those with one row per sample
 * Layer.rowSample          one index per row, for each layer apart
 * neither                  row i belongs to sample i
 * </pre>
 *
 * Samples go by their place in the snapshot. One map serves all layers that say the same, and is
 * made when it is first asked for.
 */
public final class RowMap {

    /** Largest position of a row: sums of positions and rows stay far from overflow. */
    public static final long MAX_POSITION = 1L << 48;

    private final List<Sample> samples;

    /** Whether the samples say their rows. */
    private final boolean ranged;

    private final Map<List<Integer>, int[]> listed = new IdentityHashMap<>();
    private int[] ranges;
    private int[] oneEach;

    /** Rows that all samples say together; counted once, however many layers follow them. */
    private long said = -1;

    private RowMap(List<Sample> samples) {
        this.samples = samples;
        this.ranged = !samples.isEmpty() && samples.get(0).getRows() != null;
    }

    /** The map of a snapshot, which must not change while the map is used. */
    public static RowMap of(ActivationSnapshot snapshot) {
        return new RowMap(snapshot.getSamples());
    }

    /** Whether the samples say their rows. */
    public boolean ranged() {
        return ranged;
    }

    /** Rows that a sample says it has; 0 where it says nothing. */
    public static long rows(Sample sample) {
        long rows = 0;
        if (sample.getRows() != null) {
            for (RowRange range : sample.getRows()) {
                rows += range.getRows();
            }
        }
        return rows;
    }

    /**
     * Why the ranges of the samples say nothing, null if they do or there are none.
     *
     * @return what was found and what is allowed
     */
    public String violation() {
        long total = 0;
        for (int s = 0; s < samples.size(); s++) {
            List<RowRange> ranges = samples.get(s).getRows();
            if (ranges != null != ranged) {
                return "rows must be given for all samples or for none, found them "
                        + (ranged ? "missing" : "given")
                        + " in samples["
                        + s
                        + "]";
            }
            long next = 0;
            for (int r = 0; ranged && r < ranges.size(); r++) {
                RowRange range = ranges.get(r);
                String at = "samples[" + s + "].rows[" + r + "].";
                if (range.getRows() < 1) {
                    return at + "rows must be 1 or more, found " + range.getRows();
                }
                if (range.getPosition() < next || range.getPosition() > MAX_POSITION) {
                    return at
                            + "position must be "
                            + next
                            + ".."
                            + MAX_POSITION
                            + ", found "
                            + range.getPosition();
                }
                next = range.getPosition() + range.getRows();
                total += range.getRows();
            }
        }
        return total <= Integer.MAX_VALUE
                ? null
                : "rows of all samples must be at most " + Integer.MAX_VALUE + ", found " + total;
    }

    /**
     * Why a layer's rows do not fit the samples, null if they do.
     *
     * @return what was found and what is allowed
     */
    public String violation(Layer layer) {
        List<Integer> listed = layer.getRowSample();
        if (ranged && listed != null) {
            return "rowSample must be absent where samples say their rows, found "
                    + listed.size()
                    + " entries";
        }
        if (!ranged && layer.getPerSample()) {
            return "perSample must be false where samples do not say their rows, found true";
        }
        long expected = expectedRows(layer);
        if (layer.getRows() != expected) {
            String whose =
                    follows(layer)
                            ? "the rows that the samples say"
                            : listed == null ? "one row per sample" : "one rowSample per row";
            return whose + ": expected " + expected + " rows, found " + layer.getRows();
        }
        for (int row = 0; listed != null && row < listed.size(); row++) {
            int sample = listed.get(row);
            if (sample < 0 || sample >= samples.size()) {
                return "rowSample["
                        + row
                        + "] must be in 0.."
                        + (samples.size() - 1)
                        + ", found "
                        + sample;
            }
        }
        return null;
    }

    /** Rows that a layer must have. */
    public long expectedRows(Layer layer) {
        if (follows(layer)) {
            return said();
        }
        return layer.getRowSample() == null ? samples.size() : layer.getRowSample().size();
    }

    /** Whether the ranges of the samples are those of the layer's rows. */
    private boolean follows(Layer layer) {
        return ranged && !layer.getPerSample();
    }

    /**
     * The sample of each row of a layer that has as many rows as expected.
     *
     * @return a shared array of at least the layer's rows, to be read only
     */
    public int[] owners(Layer layer) {
        if (follows(layer)) {
            ranges = ranges == null ? ranges() : ranges;
            return ranges;
        }
        if (layer.getRowSample() != null) {
            return listed.computeIfAbsent(layer.getRowSample(), RowMap::unboxed);
        }
        oneEach = oneEach == null ? oneEach() : oneEach;
        return oneEach;
    }

    private long said() {
        if (said < 0) {
            said = samples.stream().mapToLong(RowMap::rows).sum();
        }
        return said;
    }

    private int[] ranges() {
        int[] owners = new int[Math.toIntExact(said())];
        int at = 0;
        for (int s = 0; s < samples.size(); s++) {
            int count = (int) rows(samples.get(s));
            Arrays.fill(owners, at, at + count, s);
            at += count;
        }
        return owners;
    }

    private static int[] unboxed(List<Integer> rowSample) {
        int[] owners = new int[rowSample.size()];
        for (int row = 0; row < owners.length; row++) {
            owners[row] = rowSample.get(row);
        }
        return owners;
    }

    private int[] oneEach() {
        int[] owners = new int[samples.size()];
        Arrays.setAll(owners, row -> row);
        return owners;
    }

    /**
     * The row of each sample in a layer of which a sample has no more than one.
     *
     * @return by sample the row, -1 where it has none; null where a sample has several
     */
    public int[] rowOfEach(Layer layer) {
        int[] own = new int[samples.size()];
        Arrays.fill(own, -1);
        int[] owners = owners(layer);
        for (int row = 0; row < layer.getRows(); row++) {
            if (own[owners[row]] >= 0) {
                return null;
            }
            own[owners[row]] = row;
        }
        return own;
    }

    /** Whether two layers carry rows of the same samples in the same order. */
    public boolean sameRows(Layer x, Layer y) {
        if (x.getRows() != y.getRows()) {
            return false;
        }
        int[] ofX = owners(x);
        int[] ofY = owners(y);
        return ofX == ofY || Arrays.equals(ofX, 0, x.getRows(), ofY, 0, y.getRows());
    }
}
