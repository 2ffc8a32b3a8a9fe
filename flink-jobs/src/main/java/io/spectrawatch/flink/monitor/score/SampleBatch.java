package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples of one model that wait to be scored, in log order; the rows of a sample together.
 *
 * <p>Rows stay where they arrived until a score asks for their layer, so that layers without weight
 * are never converted.
 */
final class SampleBatch {

    private final List<Tap> taps;
    private final float[][] values;
    private final List<Waiting> samples = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private int rows;

    /** A sample and where its snapshot stands. */
    record Waiting(Sample sample, long capturedAt, long offset) {}

    /**
     * The rows that one snapshot gave.
     *
     * @param layers by tap
     * @param order rows of the layers, sample by sample
     * @param owners for each of them the sample of the batch
     */
    private record Source(Layer[] layers, int[] order, int[] owners) {}

    /**
     * @param values takes the rows while they are scored, by tap; of no meaning before and after
     */
    SampleBatch(List<Tap> taps, float[][] values) {
        this.taps = taps;
        this.values = values;
    }

    int rows() {
        return rows;
    }

    /** The samples in the order of their scores. */
    List<Waiting> samples() {
        return samples;
    }

    /**
     * Takes the samples of a snapshot that have rows.
     *
     * @return whether it could: all layers are there, as wide as the taps, with the same rows
     */
    boolean add(ActivationSnapshot snapshot, long offset) {
        RowMap map = RowMap.of(snapshot);
        Layer[] layers = layers(snapshot, map);
        if (layers == null) {
            return false;
        }
        Layer first = layers[0];
        List<Sample> all = snapshot.getSamples();
        int[] start = new int[all.size() + 1];
        int[] sampleOf = map.owners(first);
        for (int row = 0; row < first.getRows(); row++) {
            start[sampleOf[row] + 1]++;
        }
        int[] owner = new int[all.size()];
        for (int s = 0; s < all.size(); s++) {
            if (start[s + 1] > 0) {
                owner[s] = samples.size();
                samples.add(new Waiting(all.get(s), snapshot.getCapturedAt(), offset));
            }
            start[s + 1] += start[s];
        }
        int[] order = new int[first.getRows()];
        int[] owners = new int[order.length];
        for (int row = 0; row < order.length; row++) {
            int sample = sampleOf[row];
            order[start[sample]] = row;
            owners[start[sample]++] = owner[sample];
        }
        sources.add(new Source(layers, order, owners));
        rows += order.length;
        return true;
    }

    /** The layers of the taps, null if one is missing or carries other rows than the others. */
    private Layer[] layers(ActivationSnapshot snapshot, RowMap map) {
        Layer[] found = new Layer[taps.size()];
        for (int t = 0; t < found.length; t++) {
            for (Layer layer : snapshot.getLayers()) {
                boolean own = layer.getName().equals(taps.get(t).name());
                found[t] = own && layer.getColumns() == taps.get(t).dimension() ? layer : found[t];
            }
            if (found[t] == null || !map.sameRows(found[0], found[t])) {
                return null;
            }
        }
        return found[0].getRows() > 0 ? found : null;
    }

    /** The rows as the detector takes them, valid until this or another batch uses the values. */
    Activations activations() {
        int[] owners = new int[rows];
        int at = 0;
        for (Source source : sources) {
            System.arraycopy(source.owners(), 0, owners, at, source.owners().length);
            at += source.owners().length;
        }
        return Activations.lazy(taps, owners, this::values);
    }

    private float[] values(int tap) {
        int d = taps.get(tap).dimension();
        if (values[tap].length < rows * d) {
            values[tap] = Arrays.copyOf(values[tap], rows * d);
        }
        int at = 0;
        for (Source source : sources) {
            Layer layer = source.layers()[tap];
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            ByteBuffer data = layer.getData();
            int stride = d * type.bytes();
            for (int row : source.order()) {
                Tensors.toFloats(data, type, data.position() + row * stride, values[tap], at, d);
                at += d;
            }
        }
        return values[tap];
    }

    void clear() {
        samples.clear();
        sources.clear();
        rows = 0;
    }
}
