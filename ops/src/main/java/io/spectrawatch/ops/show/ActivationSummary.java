package io.spectrawatch.ops.show;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;

/** What the values of a layer are, without the values. */
final class ActivationSummary {

    /** Elements converted at once. */
    private static final int AT_ONCE = 4096;

    private ActivationSummary() {}

    /**
     * Adds number, range, mean and root mean square of the finite values.
     *
     * @param node what is known of the bytes
     * @return the same node
     */
    static ObjectNode of(Layer layer, ObjectNode node) {
        ByteBuffer data = layer.getData().slice();
        ElementType type = ElementType.valueOf(layer.getElementType().name());
        int count = data.remaining() / type.bytes();
        float[] some = new float[Math.min(count, AT_ONCE)];
        double sum = 0;
        double squares = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        long finite = 0;
        for (int from = 0; from < count; from += AT_ONCE) {
            int here = Math.min(AT_ONCE, count - from);
            Tensors.toFloats(data, type, from * type.bytes(), some, 0, here);
            for (int i = 0; i < here; i++) {
                double value = some[i];
                if (Double.isFinite(value)) {
                    finite++;
                    sum += value;
                    squares += value * value;
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        node.put("values", count);
        node.put("notFinite", count - finite);
        if (finite > 0) {
            node.put("least", least);
            node.put("greatest", most);
            node.put("mean", sum / finite);
            node.put("rootMeanSquare", StrictMath.sqrt(squares / finite));
        }
        return node;
    }
}
