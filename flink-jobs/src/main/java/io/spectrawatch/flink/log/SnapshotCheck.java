package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;

/**
 * Decides before anything changes whether a snapshot can enter its sketches as a whole.
 *
 * <p>Ingest has checked it already. The check is repeated because a snapshot taken in part, or a
 * NaN in a sketch, could not be undone; it is cheap next to the arithmetic.
 */
public final class SnapshotCheck {

    private final long maxColumns;

    /**
     * @param maxColumns widest layer that can be taken
     */
    public SnapshotCheck(long maxColumns) {
        this.maxColumns = maxColumns;
    }

    /** The reason why a snapshot cannot be taken, or null. */
    public String refusal(ActivationSnapshot snapshot) {
        return refusal(snapshot, RowMap.of(snapshot));
    }

    /**
     * The reason why a snapshot cannot be taken, or null.
     *
     * @param map of the snapshot, for those who go on with it
     */
    public String refusal(ActivationSnapshot snapshot, RowMap map) {
        String ranges = map.violation();
        if (ranges != null) {
            return ranges;
        }
        for (Layer layer : snapshot.getLayers()) {
            String reason = refusal(layer, map);
            if (reason != null) {
                return "layer " + layer.getName() + ": " + reason;
            }
        }
        return null;
    }

    private String refusal(Layer layer, RowMap map) {
        int rows = layer.getRows();
        int columns = layer.getColumns();
        if (rows < 0 || columns < 1 || columns > maxColumns) {
            return "rows must be 0 or more and columns 1 to "
                    + maxColumns
                    + ", found "
                    + rows
                    + " x "
                    + columns;
        }
        ElementType type = ElementType.valueOf(layer.getElementType().name());
        long expected = (long) rows * columns * type.bytes();
        if (layer.getData().remaining() != expected) {
            return "expected " + expected + " bytes, found " + layer.getData().remaining();
        }
        String reason = map.violation(layer);
        if (reason != null) {
            return reason;
        }
        int bad = Tensors.firstNonFinite(layer.getData(), type);
        return bad < 0 ? null : "element " + bad + " is not finite";
    }
}
