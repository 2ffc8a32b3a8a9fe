package io.spectrawatch.ops.demo.python;

import java.util.List;

/**
 * What the demo of a server in Python did; the components are the keys of {@code --json}.
 *
 * @param asPromised whether most attacks were found, hardly any false alarm was raised, and every
 *     finding names the trace of its request
 * @param baselineId the baseline that judged the model
 * @param referenceSamples samples its detector was fitted on
 * @param clean clean digits that were judged
 * @param falseAlarms findings among them
 * @param attacked attacked digits that were judged
 * @param detected findings among them
 * @param findings trace id and text of the first findings on attacked digits
 * @param alerts kinds of the alerts raised, in the order of time
 * @param rejected dead letters
 * @param metricsUrl where /metrics was served
 */
public record PythonReport(
        boolean asPromised,
        String baselineId,
        int referenceSamples,
        int clean,
        int falseAlarms,
        int attacked,
        int detected,
        List<Finding> findings,
        List<String> alerts,
        long rejected,
        String metricsUrl) {

    /** What was found in one request. */
    public record Finding(String traceId, String kind, String text) {}
}
