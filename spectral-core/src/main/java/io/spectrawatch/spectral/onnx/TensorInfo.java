package io.spectrawatch.spectral.onnx;

import java.util.List;

/**
 * A tensor a model mentions.
 *
 * @param name its name in the graph
 * @param role where it occurs
 * @param type element type, UNKNOWN where the file does not say
 * @param shape sizes or symbolic names by dimension ("?" where absent); empty if the file does not
 *     say
 * @param operator operator that produces it, empty for inputs
 */
public record TensorInfo(
        String name, Role role, OnnxType type, List<String> shape, String operator) {
    /** Where a tensor occurs in the graph. */
    public enum Role {
        /** Fed by the caller. */
        INPUT,
        /** Already returned to the caller. */
        OUTPUT,
        /** Computed inside; can be made an output. */
        INTERMEDIATE
    }
}
