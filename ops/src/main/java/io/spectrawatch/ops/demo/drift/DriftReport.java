package io.spectrawatch.ops.demo.drift;

import java.util.List;
import java.util.Map;

/**
 * What the drift demo did; the components are the keys of {@code --json}.
 *
 * @param asPromised whether every phase went as promised
 * @param baselineId the baseline that judged the model
 * @param phases {@code reference}, {@code unchanged}, {@code inputDrift}, {@code recovery} and
 *     {@code mechanismDrift}, in their order
 * @param alerts every transition, in the order of time
 * @param snapshots snapshots captured and acknowledged by the broker
 * @param rows activation rows in them, over all layers
 * @param rejected dead letters
 * @param metricsUrl where /metrics was served
 */
public record DriftReport(
        boolean asPromised,
        String baselineId,
        Map<String, Phase> phases,
        List<Transition> alerts,
        long snapshots,
        long rows,
        long rejected,
        String metricsUrl) {

    /**
     * What happened in a phase.
     *
     * @param windows panes of event time
     * @param certificates certificates over all interfaces
     * @param alerts alerts raised, by kind
     * @param resolved alerts resolved, by kind
     * @param causes what the raised alerts name as their cause, by cause
     * @param meanDriftScore mean score of the drift test over all certificates
     * @param promise what was expected
     * @param asPromised whether it came so
     */
    public record Phase(
            int windows,
            int certificates,
            Map<String, Integer> alerts,
            Map<String, Integer> resolved,
            Map<String, Integer> causes,
            double meanDriftScore,
            String promise,
            boolean asPromised) {}

    /**
     * An alert that was raised or resolved.
     *
     * @param phase when
     * @param kind its kind
     * @param transition RAISED or RESOLVED
     * @param interfaceName where
     * @param cause what moved first along the chain; NONE for a resolved one
     * @param window number of the last pane that decided, from the first of the demo
     * @param text the alert's own text
     */
    public record Transition(
            String phase,
            String kind,
            String transition,
            String interfaceName,
            String cause,
            long window,
            String text) {}
}
