package io.spectrawatch.ops.demo.python;

import java.util.List;

/**
 * What the demo of a server in Python did; the components are the keys of {@code --json}.
 *
 * @param asPromised whether most attacks were found, hardly any false alarm was raised, nothing was
 *     refused, and an alert names traces of attacked requests and the tokens that spoke
 * @param baselineId the baseline that judged the model
 * @param referenceSamples samples its detector was fitted on
 * @param clean clean texts that were judged
 * @param falseAlarms findings among them
 * @param attacked attacked texts that were judged
 * @param detected findings among them
 * @param loudestAppended share of the findings whose loudest token is one of those that the
 *     attacker put behind the text
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
        double loudestAppended,
        List<Raised> alerts,
        long rejected,
        String metricsUrl) {

    /** An alert, and the requests that it names. */
    public record Raised(String kind, String text, List<Named> requests) {}

    /**
     * A request that an alert names.
     *
     * @param client who sent it
     * @param attacked whether words had been put behind its text
     * @param tokens positions of the tokens that spoke, the loudest first
     * @param words what stands there in the text
     */
    public record Named(
            String traceId,
            String client,
            boolean attacked,
            List<Long> tokens,
            List<String> words) {}
}
