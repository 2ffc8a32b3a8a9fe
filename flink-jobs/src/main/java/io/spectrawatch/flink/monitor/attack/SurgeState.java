package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a merge bucket keeps of open panes that may hold a surge: an entry with how far the shards
 * have told their beats, and one for each model with an open pane.
 *
 * <p>Jobs of before had one entry for all of that, which is split when it is met:
 *
 * <pre>
 *   "SWSU", version 1
 *   int32  shards, each int64 last beat
 *   int32  open panes, each as {@link OpenSurge} writes it
 * </pre>
 */
public final class SurgeState {

    /** The entry of jobs of before. */
    static final String WHOLE = "surges";

    private static final int WHOLE_MAGIC = 0x53575355;
    private static final int WHOLE_VERSION = 1;
    private static final String WHAT = "surges of a bucket";
    private static final String BEATS = "surge-beats";
    private static final String MODEL_PREFIX = "surge/";

    private final ChunkedState state;
    private final int shards;

    public SurgeState(ChunkedState state, int shards) {
        this.state = state;
        this.shards = shards;
    }

    SurgeBeats beats() throws Exception {
        byte[] stored = get(BEATS);
        return stored == null ? new SurgeBeats(shards) : SurgeBeats.fromBytes(stored, shards);
    }

    void put(SurgeBeats beats) throws Exception {
        state.put(BEATS, beats.toBytes());
    }

    /** The open panes of a model, maybe none. */
    ModelSurges of(ModelKey model) throws Exception {
        byte[] stored = get(name(model));
        return stored == null ? new ModelSurges(model) : ModelSurges.fromBytes(stored);
    }

    /** The models with an open pane, in no particular order. */
    List<ModelSurges> all() throws Exception {
        split();
        List<ModelSurges> all = new ArrayList<>();
        for (String name : state.names()) {
            if (name.startsWith(MODEL_PREFIX)) {
                all.add(ModelSurges.fromBytes(state.get(name)));
            }
        }
        return all;
    }

    void put(ModelSurges surges) throws Exception {
        if (surges.isEmpty()) {
            state.remove(name(surges.model()));
        } else {
            state.put(name(surges.model()), surges.toBytes());
        }
    }

    private static String name(ModelKey model) {
        return MODEL_PREFIX + model.stateKey();
    }

    /** Where an entry is, the one of before was split already, or there was none. */
    private byte[] get(String name) throws Exception {
        byte[] stored = state.get(name);
        return stored == null && split() ? state.get(name) : stored;
    }

    /** Whether there was an entry of before. */
    private boolean split() throws Exception {
        byte[] whole = state.get(WHOLE);
        if (whole == null) {
            return false;
        }
        ByteReader in = StateForm.reader(whole, WHOLE_MAGIC, WHOLE_VERSION, WHAT);
        SurgeBeats beats = SurgeBeats.read(in, shards);
        TreeMap<ModelKey, ModelSurges> models = new TreeMap<>();
        int panes = in.count(OpenSurge.LEAST_BYTES);
        for (int i = 0; i < panes; i++) {
            OpenSurge open = OpenSurge.read(in);
            models.computeIfAbsent(open.model(), ModelSurges::new).add(open);
        }
        in.end();
        put(beats);
        for (ModelSurges own : models.values()) {
            put(own);
        }
        state.remove(WHOLE);
        return true;
    }
}
