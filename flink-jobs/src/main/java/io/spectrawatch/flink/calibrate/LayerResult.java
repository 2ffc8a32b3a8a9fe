package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.window.LayerKey;
import io.spectrawatch.flink.calibrate.window.LayerReference;

/**
 * What a calibration made of one layer.
 *
 * @param index place in the chain
 * @param name the layer
 * @param columns d
 * @param rows rows its window was taken from
 * @param windowRank k, directions or channels of the window; 0 without one
 * @param windowShare share of those rows' energy inside the window
 * @param refusal why there is no window; null if there is one
 */
public record LayerResult(
        int index,
        String name,
        int columns,
        long rows,
        int windowRank,
        double windowShare,
        String refusal) {

    static LayerResult of(LayerReference reference) {
        LayerKey key = reference.layer();
        int rank = reference.hasWindow() ? reference.window().rank() : 0;
        return new LayerResult(
                key.index(),
                key.name(),
                key.columns(),
                reference.rows(),
                rank,
                rank == 0 ? 0 : reference.inside() / reference.spectrum().ledger().energy(),
                reference.refusal());
    }
}
