package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of an attack demo: per phase, over all, and whether that is what it promises. */
final class AttackVerdict {

    /** The monitor's own level. */
    private static final double LEVEL = 0.01;

    /** 1,000 clean digits at 1 % flag 10; with 700 to calibrate on, 30 come with chance 1e-4. */
    private static final double MOST_FALSE = 0.03;

    private static final double LEAST_DETECTED = 0.5;

    /** The monitor's own level for pairs. */
    private static final double PAIR_LEVEL = 0.005;

    private static final double LEAST_PAIRS_DETECTED = 0.85;

    private final RecordLog log;
    private final Map<AttackStep, Long> starts;
    private final Map<String, AttackReport.Phase> phases = new LinkedHashMap<>();
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final List<AttackReport.Transition> transitions = new ArrayList<>();
    private final List<SampleScores> all = new ArrayList<>();

    /**
     * @param starts when each step began
     */
    AttackVerdict(RecordLog log, Map<AttackStep, Long> starts) {
        this.log = log;
        this.starts = starts;
        for (AttackStep each : AttackStep.values()) {
            if (each != AttackStep.REFERENCE) {
                long start = starts.get(each);
                List<SampleScores> own = log.scores(start, each.end(start));
                phases.put(each.phase(), phase(each.windows(), own));
                all.addAll(own);
            }
        }
        for (Alert alert : log.alerts(0, Long.MAX_VALUE)) {
            if (alert.getTransition() == AlertTransition.RAISED) {
                kinds.merge(alert.getKind(), 1, Integer::sum);
            }
            transitions.add(transition(alert));
        }
    }

    /** The phases by their name, in the order of time. */
    Map<String, AttackReport.Phase> phases() {
        return phases;
    }

    /** Alerts raised, by kind. */
    Map<String, Integer> kinds() {
        return kinds;
    }

    /** Alerts on the stream, in the order of time. */
    List<AttackReport.Transition> transitions() {
        return transitions;
    }

    /** All phases together. */
    AttackReport.Phase whole() {
        int windows = phases.values().stream().mapToInt(AttackReport.Phase::windows).sum();
        return phase(windows, all);
    }

    /** What each score would do at the level by its own p-value. */
    Map<String, AttackReport.Alone> alone() {
        Map<String, int[]> counts = new TreeMap<>();
        AttackScreen.Tally tally = AttackScreen.Tally.of(all);
        for (SampleScores each : all) {
            int which = AttackScreen.isAttacked(each) ? 0 : 1;
            each.getScores()
                    .forEach(
                            (name, p) ->
                                    counts.computeIfAbsent(name, n -> new int[2])[which] +=
                                            p <= LEVEL ? 1 : 0);
        }
        Map<String, AttackReport.Alone> alone = new TreeMap<>();
        counts.forEach(
                (name, count) ->
                        alone.put(
                                name,
                                new AttackReport.Alone(
                                        share(count[0], tally.attacked()),
                                        share(count[1], tally.samples() - tally.attacked()))));
        return alone;
    }

    /** Requests of the probing client and of others beside those before them. */
    AttackReport.Pairs pairs() {
        int attacked = 0;
        int attackedSteep = 0;
        int alone = 0;
        int moved = 0;
        int movedSteep = 0;
        long start = starts.get(AttackStep.PROBE);
        for (SampleScores each : log.scores(start, AttackStep.PROBE.end(start))) {
            double p = each.getScores().getOrDefault(ClientPairs.LIFT, 1.0);
            boolean steep = p <= PAIR_LEVEL;
            if (AttackScreen.isAttacked(each)) {
                attacked++;
                attackedSteep += steep ? 1 : 0;
                alone += steep && each.getP() > LEVEL ? 1 : 0;
            } else if (each.getSampleId().startsWith(AttackCapture.MOVED)) {
                moved++;
                movedSteep += steep ? 1 : 0;
            }
        }
        return new AttackReport.Pairs(
                attacked, share(attackedSteep, attacked), moved, share(movedSteep, moved), alone);
    }

    /**
     * Few false alarms; most attacked digits found; the attack named while it lasts, then ended.
     */
    boolean asPromised() {
        boolean raised = false;
        boolean resolved = false;
        boolean early = false;
        for (AttackReport.Transition each : transitions) {
            boolean model = each.client().isEmpty();
            boolean raises = each.transition().equals(AlertTransition.RAISED.name());
            early |= raises && phases.get(each.phase()).attacked() == 0;
            raised |= model && raises;
            resolved |= model && !raises;
        }
        return whole().falsePositiveRate() <= MOST_FALSE
                && whole().detectionRate() >= LEAST_DETECTED
                && pairs().detectionRate() >= LEAST_PAIRS_DETECTED
                && pairs().falsePositiveRate() <= MOST_FALSE
                && raised
                && resolved
                && !early;
    }

    private AttackReport.Transition transition(Alert alert) {
        return new AttackReport.Transition(
                AttackStep.at(alert.getPaneStart(), starts).phase(),
                alert.getKind(),
                alert.getTransition().name(),
                alert.getEvidence().getOrDefault("client", ""),
                alert.getText());
    }

    private static AttackReport.Phase phase(int windows, List<SampleScores> scores) {
        AttackScreen.Tally tally = AttackScreen.Tally.of(scores);
        Map<String, Integer> kinds = new TreeMap<>();
        for (SampleScores each : scores) {
            if (each.getKind() != null) {
                kinds.merge(each.getKind(), 1, Integer::sum);
            }
        }
        return new AttackReport.Phase(
                windows,
                tally.samples(),
                tally.attacked(),
                share(tally.detected(), tally.attacked()),
                share(tally.falseAlarms(), tally.samples() - tally.attacked()),
                kinds);
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
