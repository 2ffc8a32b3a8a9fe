package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
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
        RowMap map = RowMap.of(snapshot);
        List<Layer> chain = new ArrayList<>(snapshot.getLayers());
        chain.sort(Comparator.comparingInt(Layer::getIndex));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < chain.size(); i++) {
            Layer x = chain.get(i);
            Layer y = chain.get(i + 1);
            if (x.getIndex() + 1 == y.getIndex() && x.getRows() > 0 && map.sameRows(x, y)) {
                pairs.add(new Pair(x, y));
            }
        }
        return pairs;
    }
}
