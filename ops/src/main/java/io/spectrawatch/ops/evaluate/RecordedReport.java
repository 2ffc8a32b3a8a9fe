package io.spectrawatch.ops.evaluate;

import java.util.List;

/**
 * An evaluation on recorded snapshots, and what it was made on.
 *
 * @param report what was found
 * @param topic name of the topic
 * @param model the model as its snapshots call it
 * @param version its version
 * @param offsets what was read: partition:first-end, the end exclusive
 * @param leftOut records of the model that hold no snapshot that can be scored
 * @param firstLeftOut where the first of them stands and why, null if there is none
 * @param incomplete samples left out because not all of their parts are selected
 * @param incompleteNamed the first of these, and where they break
 */
public record RecordedReport(
        EvaluationReport report,
        String topic,
        String model,
        String version,
        List<String> offsets,
        int leftOut,
        String firstLeftOut,
        int incomplete,
        List<String> incompleteNamed) {}
