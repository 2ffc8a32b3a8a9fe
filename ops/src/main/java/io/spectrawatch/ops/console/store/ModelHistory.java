package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Map;
import java.util.TreeMap;

/** What is known of a model. */
public final class ModelHistory {

    private final Map<String, LayerHistory> layers = new TreeMap<>();
    private final Map<String, InterfaceHistory> interfaces = new TreeMap<>();
    private final SampleHistory samples = new SampleHistory();
    private UnwatchedLayers unwatched;
    private GainGrowth growth;
    private boolean changed;

    ModelHistory() {}

    /** By name. */
    public Map<String, LayerHistory> layers() {
        return layers;
    }

    /** By name. */
    public Map<String, InterfaceHistory> interfaces() {
        return interfaces;
    }

    public SampleHistory samples() {
        return samples;
    }

    /** What was not watched in the last pane that says so; null where none does. */
    public UnwatchedLayers unwatched() {
        return unwatched;
    }

    void write(ByteWriter out) {
        HistoryEntry.record(out, unwatched);
        HistoryEntry.record(out, growth);
    }

    /** Takes what {@link #write} wrote; samples and parts have entries of their own. */
    void read(ByteReader in) {
        unwatched = HistoryEntry.record(in, UnwatchedLayers.class);
        growth = HistoryEntry.record(in, GainGrowth.class);
    }

    /** Whether what is said of the whole model has changed since this was asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void accept(UnwatchedLayers pane) {
        changed = true;
        unwatched = pane;
    }

    /** How far the last pane outgrew the gain profile; null without one. */
    public GainGrowth growth() {
        return growth;
    }

    void accept(GainGrowth pane) {
        changed = true;
        growth = pane;
    }

    /** End of the newest pane, microseconds since the epoch; null where there is no sketch. */
    public Long paneEnd() {
        Long newest = null;
        for (LayerHistory each : layers.values()) {
            LayerSketch sketch = each.newest();
            if (newest == null || sketch.getPaneEnd() > newest) {
                newest = sketch.getPaneEnd();
            }
        }
        return newest;
    }
}
