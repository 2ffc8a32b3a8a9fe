package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the layers of a snapshot between which an interface can be seen: those with adjacent
 * indices that carry the same rows, as many and of the same samples.
 */
public final class LayerPairs {

    private LayerPairs() {}

    /** Two layers that carry the same rows, x before y in the chain. */
    public record Pair(Layer x, Layer y) {}

    /** The pairs that have rows, in the order of the chain. */
    public static List<Pair> of(ActivationSnapshot snapshot) {
        List<Layer> chain = new ArrayList<>(snapshot.getLayers());
        chain.sort(Comparator.comparingInt(Layer::getIndex));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < chain.size(); i++) {
            Layer x = chain.get(i);
            Layer y = chain.get(i + 1);
            if (x.getIndex() + 1 == y.getIndex() && x.getRows() > 0 && sameRows(x, y)) {
                pairs.add(new Pair(x, y));
            }
        }
        return pairs;
    }

    /** Whether two layers carry rows of the same samples in the same order. */
    public static boolean sameRows(Layer x, Layer y) {
        if (x.getRows() != y.getRows()) {
            return false;
        }
        boolean rowsAreSamples = x.getRowSample() == null && y.getRowSample() == null;
        for (int row = 0; !rowsAreSamples && row < x.getRows(); row++) {
            if (sampleOf(x, row) != sampleOf(y, row)) {
                return false;
            }
        }
        return true;
    }

    /** The sample, by its place in the snapshot, that a row of a layer belongs to. */
    public static int sampleOf(Layer layer, int row) {
        List<Integer> samples = layer.getRowSample();
        return samples == null ? row : samples.get(row);
    }
}
