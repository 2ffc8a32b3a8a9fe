package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.spectral.onnx.OnnxWeights;

/**
 * Rounds the matrices of some operators of an ONNX model to a few bits: symmetric, one scale per
 * matrix, to the nearest step. Biases and scales stay.
 */
final class CoarseWeights {

    private CoarseWeights() {}

    /**
     * Returns the model with coarser weights.
     *
     * @param operatorPrefix what the names of the operators begin with
     * @param bits 2 to 16; steps of max |w| / (2^(bits - 1) - 1)
     */
    static byte[] round(byte[] onnx, String operatorPrefix, int bits) {
        OnnxWeights weights = OnnxWeights.parse(onnx);
        int steps = (1 << (bits - 1)) - 1;
        for (String name : weights.usedBy(operatorPrefix)) {
            if (weights.shape(name).size() == 2) {
                weights = weights.with(name, rounded(weights.values(name), steps));
            }
        }
        return weights.toBytes();
    }

    private static float[] rounded(float[] values, int steps) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        float step = largest / steps;
        for (int i = 0; step > 0 && i < values.length; i++) {
            values[i] = Math.round(values[i] / step) * step;
        }
        return values;
    }
}
