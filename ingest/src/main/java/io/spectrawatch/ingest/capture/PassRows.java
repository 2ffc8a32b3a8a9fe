package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.RowRange;
import java.util.List;

/**
 * The rows of all layers of a forward pass, and how its snapshots say whose they are:
 *
 * <pre>
 * ranges of the samples   where every layer with places within its samples has the same rows, and
 *                         every other layer one row per sample
 * rowSample of a layer    else, but for layers with one row per sample
 * </pre>
 *
 * @param layers by tap
 * @param lead a layer whose rows are those of the ranges; null without ranges
 */
record PassRows(List<LayerRows> layers, LayerRows lead) {

    static PassRows of(List<LayerRows> layers) {
        LayerRows lead = null;
        for (LayerRows layer : layers) {
            lead = lead == null && layer.positions() != null ? layer : lead;
        }
        for (LayerRows layer : layers) {
            boolean fits =
                    layer.positions() == null
                            ? layer.isOnePerSample(0, layer.firstRow().length - 1)
                            : layer.hasRowsOf(lead);
            if (!fits) {
                return new PassRows(layers, null);
            }
        }
        return new PassRows(layers, lead);
    }

    /** Whether the samples say their rows. */
    boolean ranged() {
        return lead != null;
    }

    /** Whether a layer has one row per sample beside ranges that say something else. */
    boolean isPerSample(LayerRows layer) {
        return ranged() && layer.positions() == null;
    }

    /** The most rows that a layer has of a sample. */
    int most(int sample) {
        return layers.stream().mapToInt(layer -> layer.rows(sample)).max().orElse(0);
    }

    /** Ranges that a sample has in a record; null without ranges. */
    List<RowRange> ranges(Cut cut, int sample) {
        if (!ranged()) {
            return null;
        }
        return cut.whole()
                ? lead.rangesOf(lead.firstRow()[sample], lead.firstRow()[sample + 1])
                : lead.rangesOf(cut.first(lead), cut.end(lead));
    }
}
