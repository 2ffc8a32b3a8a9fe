package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.util.List;

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
        for (Layer layer : snapshot.getLayers()) {
            String reason = refusal(layer, snapshot.getSamples().size());
            if (reason != null) {
                return "layer " + layer.getName() + ": " + reason;
            }
        }
        return null;
    }

    private String refusal(Layer layer, int samples) {
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
        String reason = refusal(layer.getRowSample(), rows, samples);
        if (reason != null) {
            return reason;
        }
        int bad = Tensors.firstNonFinite(layer.getData(), type);
        return bad < 0 ? null : "element " + bad + " is not finite";
    }

    /** Without them rows and samples are one to one. */
    private static String refusal(List<Integer> rowSamples, int rows, int samples) {
        int count = rowSamples == null ? samples : rowSamples.size();
        if (count != rows) {
            return "one sample for each of " + rows + " rows expected, found " + count;
        }
        for (int row = 0; rowSamples != null && row < rows; row++) {
            int sample = rowSamples.get(row);
            if (sample < 0 || sample >= samples) {
                return "row "
                        + row
                        + ": sample 0 to "
                        + (samples - 1)
                        + " expected, found "
                        + sample;
            }
        }
        return null;
    }
}
