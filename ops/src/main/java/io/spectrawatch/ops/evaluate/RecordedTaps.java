package io.spectrawatch.ops.evaluate;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the layers to look at in snapshots: those named, or all, in the order of the chain and the
 * logits last. The first snapshot decides; the others must be like it.
 */
final class RecordedTaps {

    private final List<String> names;
    private final String logits;
    private List<Tap> taps;

    RecordedTaps(List<String> names, String logits) {
        this.names = names;
        this.logits = logits;
    }

    /** The taps of the first snapshot; a text is one that a sample has one row of. */
    List<Tap> taps() {
        return taps;
    }

    /**
     * The layers of a snapshot, one per tap.
     *
     * @throws IllegalArgumentException if it lacks one, or they do not fit together
     */
    DetectorLayers of(ActivationSnapshot snapshot) {
        List<Layer> layers = taps == null ? choose(snapshot) : find(snapshot);
        List<Tap> found = new ArrayList<>();
        for (int t = 0; t < layers.size(); t++) {
            Layer layer = layers.get(t);
            found.add(layer == null ? DetectorLayers.TEXT : tap(layer, layers.size()));
        }
        if (taps != null && !taps.equals(found)) {
            throw new IllegalArgumentException(
                    "the layers change within the range: " + taps + ", also " + found);
        }
        DetectorLayers own = together(snapshot, layers, found);
        taps = found;
        return own;
    }

    private static DetectorLayers together(
            ActivationSnapshot snapshot, List<Layer> layers, List<Tap> found) {
        RowMap map = RowMap.of(snapshot);
        boolean[] ofSample = new boolean[found.size()];
        Layer lead = null;
        for (int t = 0; t < ofSample.length; t++) {
            Layer layer = layers.get(t);
            ofSample[t] = found.get(t).ofSample();
            lead = lead == null && !ofSample[t] ? layer : lead;
            if (!ofSample[t] && !map.sameRows(lead, layer)) {
                throw new IllegalArgumentException(
                        "layers "
                                + lead.getName()
                                + " and "
                                + layer.getName()
                                + " do not carry the same rows; name layers that do with --layers");
            }
        }
        DetectorLayers own = DetectorLayers.of(map, layers.toArray(new Layer[0]), ofSample);
        if (own == null) {
            throw new IllegalArgumentException(
                    "layer " + DetectorLayers.TEXT.name() + " has several rows of a sample");
        }
        return own;
    }

    private List<Layer> choose(ActivationSnapshot snapshot) {
        List<Layer> chain = new ArrayList<>(snapshot.getLayers());
        chain.sort(Comparator.comparingInt(Layer::getIndex));
        List<Layer> chosen = new ArrayList<>();
        if (names.isEmpty()) {
            chain.stream().filter(layer -> !isLogits(layer)).forEach(chosen::add);
        }
        names.forEach(name -> chosen.add(find(snapshot, name)));
        if (logits != null) {
            chosen.add(find(snapshot, logits));
        } else {
            chain.stream().filter(this::isLogits).limit(1).forEach(chosen::add);
        }
        return chosen;
    }

    private List<Layer> find(ActivationSnapshot snapshot) {
        List<Layer> layers = new ArrayList<>();
        taps.forEach(tap -> layers.add(find(snapshot, tap.name())));
        return layers;
    }

    /** Returns a layer; null for a text that the snapshot may do without. */
    private static Layer find(ActivationSnapshot snapshot, String name) {
        for (Layer layer : snapshot.getLayers()) {
            if (layer.getName().equals(name)) {
                return layer;
            }
        }
        if (name.equals(DetectorLayers.TEXT.name()) && DetectorLayers.mayLackText(snapshot)) {
            return null;
        }
        throw new IllegalArgumentException(
                "no layer '"
                        + name
                        + "' in a snapshot; found "
                        + snapshot.getLayers().stream().map(Layer::getName).toList()
                        + "; name those that all snapshots have with --layers");
    }

    private boolean isLogits(Layer layer) {
        return logits == null
                ? layer.getRole() == LayerRole.LOGITS
                : layer.getName().equals(logits);
    }

    /** What is tapped, of which a sample has one row if it is a text beside other layers. */
    private Tap tap(Layer layer, int layers) {
        if (layers > 1 && !isLogits(layer) && DetectorLayers.isText(layer)) {
            return DetectorLayers.TEXT;
        }
        TapRole role = isLogits(layer) ? TapRole.LOGITS : TapRole.valueOf(layer.getRole().name());
        return new Tap(layer.getName(), role, layer.getColumns());
    }
}
