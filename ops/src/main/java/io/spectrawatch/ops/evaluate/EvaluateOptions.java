package io.spectrawatch.ops.evaluate;

import java.nio.file.Path;
import java.util.List;

/**
 * What to evaluate.
 *
 * @param model ONNX file
 * @param reference clean inputs to fit and calibrate on, joined
 * @param clean other clean inputs
 * @param attacked attacked inputs, one column each
 * @param labels true classes of the reference or of the clean inputs, told apart by their number;
 *     null if unknown
 * @param referenceLabels true classes of the reference, null if unknown
 * @param cleanLabels true classes of the clean inputs, null if unknown
 * @param layers tensors to look at in the order of the model, empty to choose some
 * @param logits tensor with the logits, null to choose it
 * @param pool whether feature maps are averaged over their positions
 * @param coordinates window directions per layer
 * @param basis file of a basis in which the input is taken, null for its values
 * @param report what is said beside the curves
 */
public record EvaluateOptions(
        Path model,
        List<Path> reference,
        Path clean,
        List<Path> attacked,
        Path labels,
        Path referenceLabels,
        Path cleanLabels,
        List<String> layers,
        String logits,
        boolean pool,
        int coordinates,
        Path basis,
        ReportOptions report) {

    /** Copies the lists. */
    public EvaluateOptions {
        reference = List.copyOf(reference);
        attacked = List.copyOf(attacked);
        layers = List.copyOf(layers);
    }
}
