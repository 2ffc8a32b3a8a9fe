package io.spectrawatch.ops.evaluate;

import java.util.List;
import java.util.Map;

/**
 * Which recorded snapshots to evaluate on.
 *
 * @param kafka Kafka client properties, {@code bootstrap.servers} among them
 * @param topic full name of the topic that holds the snapshots
 * @param model the model as its snapshots call it, null for the only one
 * @param version its version, null for the only one
 * @param reference clean samples to fit and calibrate on, joined
 * @param clean other clean samples
 * @param attacked attacked samples, one column each
 * @param layers layers to look at in the order of the model, without the logits; empty for all
 * @param logits layer with the logits, null for the one that capture called so
 * @param coordinates window directions per layer, 0 for as many as {@code calibrate} takes
 * @param report what is said beside the curves
 */
public record RecordedOptions(
        Map<String, Object> kafka,
        String topic,
        String model,
        String version,
        List<Selection> reference,
        Selection clean,
        List<Selection> attacked,
        List<String> layers,
        String logits,
        int coordinates,
        ReportOptions report) {

    /** Copies the collections. */
    public RecordedOptions {
        kafka = Map.copyOf(kafka);
        reference = List.copyOf(reference);
        attacked = List.copyOf(attacked);
        layers = List.copyOf(layers);
    }
}
