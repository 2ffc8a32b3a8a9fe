package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import io.spectrawatch.spectral.text.TextNgrams;
import java.nio.ByteBuffer;

/**
 * Layers of a snapshot that fit together for a detector: all carry the same rows, but for the text,
 * of which a sample has one row. Where a sample has none its text has no n-grams.
 */
public final class DetectorLayers {

    /** The text of a sample, where its other layers may have several rows. */
    public static final Tap TEXT =
            new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS, true);

    private final RowMap map;
    private final Layer[] layers;
    private final Layer lead;
    private final int[][] rowOfEach;

    private DetectorLayers(RowMap map, Layer[] layers, Layer lead, int[][] rowOfEach) {
        this.map = map;
        this.layers = layers;
        this.lead = lead;
        this.rowOfEach = rowOfEach;
    }

    /**
     * Takes layers together.
     *
     * @param layers by tap; null where the snapshot does without the text
     * @param ofSample by tap whether a sample has one row of it
     * @return null if they do not fit, or there is no other than those
     */
    public static DetectorLayers of(RowMap map, Layer[] layers, boolean[] ofSample) {
        Layer lead = null;
        for (int t = 0; t < layers.length; t++) {
            lead = lead == null && !ofSample[t] ? layers[t] : lead;
        }
        if (lead == null) {
            return null;
        }
        int[][] rowOfEach = new int[layers.length][];
        for (int t = 0; t < layers.length; t++) {
            if (!ofSample[t] && !map.sameRows(lead, layers[t])) {
                return null;
            }
            if (ofSample[t] && layers[t] != null) {
                rowOfEach[t] = map.rowOfEach(layers[t]);
                if (rowOfEach[t] == null) {
                    return null;
                }
            }
        }
        return new DetectorLayers(map, layers, lead, rowOfEach);
    }

    /** Whether a layer holds the texts of samples. */
    public static boolean isText(Layer layer) {
        return layer.getName().equals(TEXT.name())
                && layer.getRole().name().equals(TEXT.role().name())
                && layer.getColumns() == TEXT.dimension();
    }

    /**
     * Whether a snapshot may do without texts: where all it has are parts of samples, whose text
     * may stand in another part.
     */
    public static boolean mayLackText(ActivationSnapshot snapshot) {
        for (Sample sample : snapshot.getSamples()) {
            if (sample.getPart() == 0 && sample.getLast()) {
                return false;
            }
        }
        return true;
    }

    /** Taps. */
    public int size() {
        return layers.length;
    }

    /** The layer of a tap; null for a text that the snapshot does without. */
    public Layer layer(int tap) {
        return layers[tap];
    }

    /** Whether a sample has one row of a tap. */
    public boolean ofSample(int tap) {
        return layers[tap] == null || rowOfEach[tap] != null;
    }

    /** The first layer that samples have all their rows of. */
    public Layer lead() {
        return lead;
    }

    /** The sample of each row of the lead, by its place in the snapshot; not a copy. */
    public int[] owners() {
        return map.owners(lead);
    }

    /**
     * Widens rows of a layer that lie one behind the other.
     *
     * @param row the first of them
     * @param into takes them from {@code at} on
     */
    public static void toFloats(Layer layer, int row, int rows, float[] into, int at) {
        int d = layer.getColumns();
        ElementType type = ElementType.valueOf(layer.getElementType().name());
        ByteBuffer data = layer.getData();
        Tensors.toFloats(data, type, data.position() + row * d * type.bytes(), into, at, rows * d);
    }

    /** The row of a sample in a layer of which it has one, -1 where it has none. */
    public int rowOf(int tap, int sample) {
        return rowOfEach[tap] == null ? -1 : rowOfEach[tap][sample];
    }
}
