package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;

/**
 * The models that one shard watches. Who is in stays in while its data comes; a new one takes a
 * free place, or that of a model which has been idle for long enough. So nobody loses a place to
 * models that are made up, however many.
 *
 * <pre>
 *   "SWMT", version 1
 *   int32  models, then per model
 *          text x 3 model, version, digest, int64 end of its last pane, microseconds
 * </pre>
 */
public final class ModelTable {

    public static final String STATE = "models";

    private static final int MAGIC = 0x53574D54;
    private static final int VERSION = 1;
    private static final String WHAT = "model table";
    private static final int LEAST_BYTES = 3 * Integer.BYTES + Long.BYTES;

    private final TreeMap<ModelKey, Long> lastPane = new TreeMap<>();
    private boolean dirty;

    /**
     * Whether a model is watched in a pane that it begins.
     *
     * @param most models at a time
     * @param idleBefore models whose last pane ended before this may be forgotten, microseconds
     * @param evicted takes the model that is forgotten for it, with the end of its last pane
     */
    public boolean admit(
            ModelKey model,
            Pane pane,
            int most,
            long idleBefore,
            ObjLongConsumer<ModelKey> evicted) {
        if (!lastPane.containsKey(model)
                && lastPane.size() >= most
                && !forgetOne(idleBefore, evicted)) {
            return false;
        }
        note(model, pane);
        return true;
    }

    /** Notes a pane of a model that is watched. */
    public void note(ModelKey model, Pane pane) {
        lastPane.merge(model, pane.end(), Math::max);
        dirty = true;
    }

    /** Forgets the model that has been idle for longest, the first by name among equals. */
    private boolean forgetOne(long idleBefore, ObjLongConsumer<ModelKey> evicted) {
        Map.Entry<ModelKey, Long> longest =
                lastPane.entrySet().stream()
                        .min(Comparator.comparingLong(Map.Entry::getValue))
                        .orElseThrow();
        if (longest.getValue() >= idleBefore) {
            return false;
        }
        evicted.accept(longest.getKey(), longest.getValue());
        lastPane.remove(longest.getKey());
        return true;
    }

    public int size() {
        return lastPane.size();
    }

    /** The form to store, null if nothing changed since the last call. */
    public byte[] changed() {
        if (!dirty) {
            return null;
        }
        dirty = false;
        return toBytes();
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 64 * lastPane.size());
        out.int32(lastPane.size());
        lastPane.forEach((model, end) -> model.write(out).int64(end));
        return out.toBytes();
    }

    public static ModelTable fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ModelTable table = new ModelTable();
        int count = in.count(LEAST_BYTES);
        for (int i = 0; i < count; i++) {
            ModelKey model = ModelKey.read(in);
            boolean ascending = i == 0 || table.lastPane.lastKey().compareTo(model) < 0;
            in.require(ascending, "each model once, in ascending order", model);
            table.lastPane.put(model, in.int64());
        }
        in.end();
        return table;
    }
}
