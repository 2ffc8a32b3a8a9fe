package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Collection;
import java.util.TreeMap;

/**
 * The open panes of one model for which a shard has told a beat, in their order.
 *
 * <pre>
 *   "SWUM", version 2
 *   text x 3  model, version, digest
 *   int32     open panes, each as {@link OpenSurge} writes it, and then its suspicious samples; these
 *             are absent in version 1
 * </pre>
 */
public final class ModelSurges {

    private static final int MAGIC = 0x5357554D;
    private static final int VERSION = 2;

    /** The version that named no samples. */
    private static final int NAMELESS = 1;

    private static final String WHAT = "surges of a model";
    private static final int USUAL_BYTES = 512;

    private final ModelKey model;
    private final TreeMap<Pane, OpenSurge> open = new TreeMap<>();

    public ModelSurges(ModelKey model) {
        this.model = model;
    }

    ModelKey model() {
        return model;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** In the order of their panes. */
    Collection<OpenSurge> open() {
        return open.values();
    }

    /** Null if no beat told of the pane. */
    OpenSurge of(Pane pane) {
        return open.get(pane);
    }

    public void add(OpenSurge surge) {
        open.put(surge.pane(), surge);
    }

    void remove(Pane pane) {
        open.remove(pane);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, USUAL_BYTES * (1 + open.size()));
        model.write(out).int32(open.size());
        for (OpenSurge each : open.values()) {
            each.write(out);
            each.writeSuspicious(out);
        }
        return out.toBytes();
    }

    public static ModelSurges fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, NAMELESS, VERSION, WHAT);
        ModelSurges surges = new ModelSurges(ModelKey.read(in));
        int panes = in.count(OpenSurge.LEAST_BYTES);
        for (int i = 0; i < panes; i++) {
            OpenSurge next = OpenSurge.read(in);
            if (in.version() > NAMELESS) {
                next.readSuspicious(in);
            }
            in.require(
                    next.model().equals(surges.model)
                            && (i == 0 || surges.open.lastKey().compareTo(next.pane()) < 0),
                    "panes of " + surges.model + " in their order",
                    next.pane() + " of " + next.model());
            surges.open.put(next.pane(), next);
        }
        in.end();
        return surges;
    }
}
