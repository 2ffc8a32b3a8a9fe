package io.spectrawatch.ingest.capture;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A tensor that a model has computed.
 *
 * @param shape sizes; the first is the number of samples
 * @param values elements, row-major
 * @param channelsFirst whether the graph says that the second size counts channels
 */
record TensorData(String name, long[] shape, FloatBuffer values, boolean channelsFirst) {

    int size(int dimension) {
        return Math.toIntExact(shape[dimension]);
    }

    String shapeText() {
        return name + Arrays.toString(shape);
    }
}
