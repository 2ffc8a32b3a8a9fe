package io.spectrawatch.ops.evaluate;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.text.TextNgrams;
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

    /** The taps of the first snapshot. */
    List<Tap> taps() {
        return taps;
    }

    /**
     * The layers of a snapshot, one per tap.
     *
     * @throws IllegalArgumentException if it lacks one, or they do not carry the same rows
     */
    List<Layer> of(ActivationSnapshot snapshot) {
        List<Layer> layers = taps == null ? choose(snapshot) : find(snapshot);
        RowMap map = RowMap.of(snapshot);
        for (Layer layer : layers) {
            if (!map.sameRows(layers.get(0), layer)) {
                throw new IllegalArgumentException(
                        "layers "
                                + layers.get(0).getName()
                                + " and "
                                + layer.getName()
                                + " do not carry the same rows; name layers that do with --layers");
            }
        }
        List<Tap> found = layers.stream().map(this::tap).toList();
        if (taps != null && !taps.equals(found)) {
            throw new IllegalArgumentException(
                    "the layers change within the range: " + taps + ", also " + found);
        }
        taps = found;
        return layers;
    }

    private List<Layer> choose(ActivationSnapshot snapshot) {
        List<Layer> chain = new ArrayList<>(snapshot.getLayers());
        chain.sort(Comparator.comparingInt(Layer::getIndex));
        List<Layer> chosen = new ArrayList<>();
        if (names.isEmpty()) {
            chain.stream().filter(layer -> !isLogits(layer)).forEach(chosen::add);
            leaveOutText(snapshot, chosen);
        }
        names.forEach(name -> chosen.add(find(snapshot, name)));
        if (logits != null) {
            chosen.add(find(snapshot, logits));
        } else {
            chain.stream().filter(this::isLogits).limit(1).forEach(chosen::add);
        }
        return chosen;
    }

    /** Where the others' rows are tokens of it. */
    private static void leaveOutText(ActivationSnapshot snapshot, List<Layer> chosen) {
        RowMap map = RowMap.of(snapshot);
        List<Layer> all = List.copyOf(chosen);
        chosen.removeIf(
                layer ->
                        layer.getName().equals(TextNgrams.FORMAT)
                                && !all.stream().allMatch(each -> map.sameRows(layer, each)));
    }

    private List<Layer> find(ActivationSnapshot snapshot) {
        return taps.stream().map(tap -> find(snapshot, tap.name())).toList();
    }

    private static Layer find(ActivationSnapshot snapshot, String name) {
        for (Layer layer : snapshot.getLayers()) {
            if (layer.getName().equals(name)) {
                return layer;
            }
        }
        throw new IllegalArgumentException(
                "no layer '"
                        + name
                        + "' in a snapshot; found "
                        + snapshot.getLayers().stream().map(Layer::getName).toList());
    }

    private boolean isLogits(Layer layer) {
        return logits == null
                ? layer.getRole() == LayerRole.LOGITS
                : layer.getName().equals(logits);
    }

    private Tap tap(Layer layer) {
        TapRole role = isLogits(layer) ? TapRole.LOGITS : TapRole.valueOf(layer.getRole().name());
        return new Tap(layer.getName(), role, layer.getColumns());
    }
}
