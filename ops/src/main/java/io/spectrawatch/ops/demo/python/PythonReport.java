package io.spectrawatch.ops.demo.python;

import java.util.List;

/**
 * What the demo of a server in Python did; the components are the keys of {@code --json}.
 *
 * @param asPromised whether most attacks were found, hardly any false alarm was raised, nothing was
 *     refused, and an alert names traces of attacked requests and the tokens that spoke
 * @param baselineId the baseline that judged the model
 * @param referenceSamples samples its detector was fitted on
 * @param clean clean digits that were judged
 * @param falseAlarms findings among them
 * @param attacked attacked digits that were judged
 * @param detected findings among them
 * @param loudestCovered share of those findings whose loudest token the attacker has covered
 * @param alerts alerts raised, in the order of time
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
        double loudestCovered,
        List<Raised> alerts,
        long rejected,
        String metricsUrl) {

    /** An alert, and the requests that it names. */
    public record Raised(String kind, String text, List<Named> requests) {}

    /**
     * A request that an alert names.
     *
     * @param client who sent it
     * @param tokens positions of the tokens that spoke, the loudest first
     * @param covered positions that an attacker had covered, none of a clean request
     */
    public record Named(String traceId, String client, List<Long> tokens, List<Long> covered) {}
}
