package io.spectrawatch.ops.demo.attack;

import java.util.List;
import java.util.Map;

/**
 * What the attack demo did; the components are the keys of {@code --json}.
 *
 * @param asPromised whether every phase went as promised
 * @param baselineId the baseline that judged the model
 * @param referenceSamples samples its detector was fitted on
 * @param phases {@code clean}, {@code fgsm}, {@code pgd}, {@code cw}, {@code probe} and {@code
 *     recovery}
 * @param alerts alerts raised, by kind
 * @param detectionRate share of the attacked samples at or below the level
 * @param falsePositiveRate share of the clean samples of all phases at or below it
 * @param alone what each score would do by itself at the same level, by its name; those without a
 *     weight are measured only
 * @param pairs what came of comparing requests with those before them
 * @param transitions alerts on the stream, in the order of time
 * @param snapshots snapshots captured and acknowledged by the broker
 * @param rejected dead letters
 * @param metricsUrl where /metrics was served
 */
public record AttackReport(
        boolean asPromised,
        String baselineId,
        int referenceSamples,
        Map<String, Phase> phases,
        Map<String, Integer> alerts,
        double detectionRate,
        double falsePositiveRate,
        Map<String, Alone> alone,
        Pairs pairs,
        List<Transition> transitions,
        long snapshots,
        long rejected,
        String metricsUrl) {

    /**
     * What happened in a phase.
     *
     * @param windows panes of event time
     * @param samples samples scored
     * @param attacked attacked ones among them
     * @param detectionRate share of these at or below the level, 0 without any
     * @param falsePositiveRate share of the others at or below it
     * @param alerts samples at or below it, by kind
     */
    public record Phase(
            int windows,
            int samples,
            int attacked,
            double detectionRate,
            double falsePositiveRate,
            Map<String, Integer> alerts) {}

    /**
     * One score by itself.
     *
     * @param detectionRate share of the attacked samples at or below the level by its p-value
     * @param falsePositiveRate share of the others
     */
    public record Alone(double detectionRate, double falsePositiveRate) {}

    /**
     * Requests of the phase {@code probe} beside the last ones of their client.
     *
     * @param attacked attacked digits that came after the digit they were made from
     * @param detectionRate share of these between which and the earlier one the model is steep
     * @param moved clean digits that came after the same digit, moved a little by chance
     * @param falsePositiveRate share of these
     * @param byPairAlone attacked digits whose own scores were not enough for an alert, but the
     *     pair's was
     */
    public record Pairs(
            int attacked,
            double detectionRate,
            int moved,
            double falsePositiveRate,
            int byPairAlone) {}

    /**
     * An alert on the stream that was raised or resolved.
     *
     * @param phase when
     * @param kind UNDER_ATTACK, INPUT_SHIFT or CLIENT_UNDER_ATTACK
     * @param transition RAISED or RESOLVED
     * @param client the client concerned, empty for all traffic
     * @param text the alert's own text
     */
    public record Transition(
            String phase, String kind, String transition, String client, String text) {}
}
