package io.spectrawatch.ops.exporter;

/**
 * The value of the label {@code model}: the model's name, and where a record is of a segment that
 * too, as in {@code classifier[route=/chat]}. So what a segment's baseline judges has series of its
 * own, and there are as many as there are segments with a baseline.
 */
final class ModelLabel {

    private ModelLabel() {}

    /**
     * @param segment attribute=value; null for what no segment's baseline judges
     */
    static String of(String model, String segment) {
        return segment == null ? model : model + '[' + segment + ']';
    }
}
