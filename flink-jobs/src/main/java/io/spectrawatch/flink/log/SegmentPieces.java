package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;

/**
 * A snapshot by the segments of its samples: for each segment, and for the rest, a snapshot of
 * those samples and their rows alone.
 *
 * <p>A snapshot whose samples are all in one place is handed on as it is. Of others every row is
 * copied once; samples and rows keep their order.
 */
public final class SegmentPieces {

    /**
     * The samples of one segment.
     *
     * @param segment null for the samples that are in none
     * @param map whose the rows of the snapshot are
     */
    public record Piece(Segment segment, ActivationSnapshot snapshot, RowMap map) {

        /** A snapshot whose samples are in no segment. */
        public static Piece whole(ActivationSnapshot snapshot) {
            return new Piece(null, snapshot, RowMap.of(snapshot));
        }

        /** The segment as records name it, null for none. */
        public String name() {
            return segment == null ? null : segment.toString();
        }
    }

    private static final int REST = 0;

    private final ActivationSnapshot whole;
    private final RowMap map;

    /** The piece of each sample. */
    private final int[] pieceOf;

    /** The place of each sample within its piece. */
    private final int[] placeOf;

    private final int[] samples;

    private SegmentPieces(ActivationSnapshot whole, RowMap map, List<Segment> segments) {
        this.whole = whole;
        this.map = map;
        List<Sample> all = whole.getSamples();
        this.pieceOf = new int[all.size()];
        this.placeOf = new int[all.size()];
        this.samples = new int[segments.size() + 1];
        for (int s = 0; s < pieceOf.length; s++) {
            pieceOf[s] = pieceOf(all.get(s), segments);
            placeOf[s] = samples[pieceOf[s]]++;
        }
    }

    /** The first segment that holds the sample decides. */
    private static int pieceOf(Sample sample, List<Segment> segments) {
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).holds(sample)) {
                return i + 1;
            }
        }
        return REST;
    }

    /**
     * Splits a snapshot whose rows fit its samples.
     *
     * @param map of the snapshot, which the pieces share that are the whole
     * @param segments that are apart from the rest, in their order
     * @return the pieces that have samples, the rest first
     */
    public static List<Piece> of(
            ActivationSnapshot snapshot, RowMap map, SortedSet<Segment> segments) {
        if (segments.isEmpty()) {
            return List.of(new Piece(null, snapshot, map));
        }
        List<Segment> order = List.copyOf(segments);
        SegmentPieces split = new SegmentPieces(snapshot, map, order);
        for (int piece = 0; piece < split.samples.length; piece++) {
            if (split.samples[piece] == split.pieceOf.length) {
                return List.of(new Piece(named(order, piece), snapshot, map));
            }
        }
        ActivationSnapshot[] cut = split.cut();
        List<Piece> pieces = new ArrayList<>();
        for (int piece = 0; piece < cut.length; piece++) {
            if (cut[piece] != null) {
                pieces.add(new Piece(named(order, piece), cut[piece], RowMap.of(cut[piece])));
            }
        }
        return pieces;
    }

    private static Segment named(List<Segment> order, int piece) {
        return piece == REST ? null : order.get(piece - 1);
    }

    /**
     * The samples of a snapshot that are in a segment.
     *
     * @param segment null for all samples
     * @return null if there are none
     */
    public static ActivationSnapshot only(ActivationSnapshot snapshot, Segment segment) {
        if (segment == null) {
            return snapshot;
        }
        SegmentPieces split = new SegmentPieces(snapshot, RowMap.of(snapshot), List.of(segment));
        if (split.samples[REST] == 0) {
            return snapshot;
        }
        return split.samples[1] == 0 ? null : split.cut()[1];
    }

    /** By piece, null where it has no sample. */
    private ActivationSnapshot[] cut() {
        ActivationSnapshot[] cut = new ActivationSnapshot[samples.length];
        for (int piece = 0; piece < cut.length; piece++) {
            if (samples[piece] > 0) {
                cut[piece] = empty(samples[piece]);
            }
        }
        for (int s = 0; s < pieceOf.length; s++) {
            cut[pieceOf[s]].getSamples().add(whole.getSamples().get(s));
        }
        for (Layer layer : whole.getLayers()) {
            cut(layer, cut);
        }
        return cut;
    }

    private ActivationSnapshot empty(int ofSamples) {
        return new ActivationSnapshot(
                whole.getModelId(),
                whole.getModelVersion(),
                whole.getModelDigest(),
                whole.getCaptureId(),
                whole.getSequence(),
                whole.getCapturedAt(),
                new ArrayList<>(ofSamples),
                new ArrayList<>(whole.getLayers().size()));
    }

    private void cut(Layer layer, ActivationSnapshot[] into) {
        int rows = layer.getRows();
        int[] owners = map.owners(layer);
        int[] counts = new int[into.length];
        for (int row = 0; row < rows; row++) {
            counts[pieceOf[owners[row]]]++;
        }
        ByteBuffer from = layer.getData().duplicate();
        int bytes = rows == 0 ? 0 : from.remaining() / rows;
        int start = from.position();
        ByteBuffer[] data = new ByteBuffer[into.length];
        Arrays.setAll(data, piece -> ByteBuffer.allocate(counts[piece] * bytes));
        int row = 0;
        while (row < rows) {
            int first = row;
            int piece = pieceOf[owners[row]];
            while (row < rows && pieceOf[owners[row]] == piece) {
                row++;
            }
            from.limit(start + row * bytes).position(start + first * bytes);
            data[piece].put(from);
        }
        for (int piece = 0; piece < into.length; piece++) {
            if (into[piece] != null) {
                into[piece].getLayers().add(piece(layer, counts[piece], data[piece].flip(), piece));
            }
        }
    }

    private Layer piece(Layer layer, int rows, ByteBuffer data, int piece) {
        return new Layer(
                layer.getName(),
                layer.getIndex(),
                layer.getRole(),
                rows,
                layer.getColumns(),
                layer.getElementType(),
                layer.getRowSample() == null ? null : listed(layer, rows, piece),
                data,
                layer.getTap(),
                layer.getPerSample());
    }

    private List<Integer> listed(Layer layer, int rows, int piece) {
        List<Integer> listed = new ArrayList<>(rows);
        for (int sample : layer.getRowSample()) {
            if (pieceOf[sample] == piece) {
                listed.add(placeOf[sample]);
            }
        }
        return listed;
    }
}
