package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The newest sketch of a layer, and what its descriptors were. */
public final class LayerHistory {

    /** Descriptors whose past is kept. */
    private static final int MOST_DESCRIPTORS = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final List<String> names;
    private final Series series;
    private LayerSketch newest;
    private boolean changed;

    LayerHistory(LayerSketch first) {
        this(
                first.getDescriptors().stream()
                        .map(Interval::getName)
                        .limit(MOST_DESCRIPTORS)
                        .toList());
    }

    private LayerHistory(List<String> names) {
        this.names = names;
        Series.Column[] columns = new Series.Column[3 * names.size()];
        for (int i = 0; i < columns.length; i += 3) {
            columns[i] = Series.Column.LEAST;
            columns[i + 1] = Series.Column.LAST;
            columns[i + 2] = Series.Column.MOST;
        }
        series = new Series(columns);
    }

    void write(ByteWriter out) {
        out.int32(names.size());
        names.forEach(out::text);
        series.write(out);
        HistoryEntry.record(out, newest);
    }

    static LayerHistory read(ByteReader in) {
        List<String> names = new ArrayList<>();
        for (int i = in.count(Integer.BYTES); i > 0; i--) {
            names.add(in.requiredText());
        }
        in.require(
                names.size() <= MOST_DESCRIPTORS,
                "at most " + MOST_DESCRIPTORS + " descriptors",
                names.size());
        LayerHistory layer = new LayerHistory(List.copyOf(names));
        layer.series.read(in);
        layer.newest = HistoryEntry.record(in, LayerSketch.class);
        in.require(layer.newest != null, "a sketch", "none");
        return layer;
    }

    /** Whether it has changed since this was asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void accept(LayerSketch sketch) {
        if (newest != null && sketch.getPaneEnd() < newest.getPaneEnd()) {
            return;
        }
        changed = true;
        // The basis is by far the largest part, and is not drawn.
        newest = LayerSketch.newBuilder(sketch).setBasis(NOTHING).build();
        double[] point = new double[3 * names.size()];
        for (int i = 0; i < names.size(); i++) {
            Interval value = find(sketch, names.get(i));
            point[3 * i] = value == null ? Double.NaN : value.getLower();
            point[3 * i + 1] = value == null ? Double.NaN : value.getEstimate();
            point[3 * i + 2] = value == null ? Double.NaN : value.getUpper();
        }
        series.add(sketch.getPaneStart(), sketch.getPaneEnd(), point);
    }

    private static Interval find(LayerSketch sketch, String name) {
        for (Interval each : sketch.getDescriptors()) {
            if (each.getName().equals(name)) {
                return each;
            }
        }
        return null;
    }

    /** Without its basis. */
    public LayerSketch newest() {
        return newest;
    }

    /** Names of the descriptors; each has three columns: lower, estimate, upper. */
    public List<String> names() {
        return names;
    }

    public Series series() {
        return series;
    }
}
