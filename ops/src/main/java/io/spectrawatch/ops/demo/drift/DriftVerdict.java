package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.Attribution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares what the monitor said in each phase with what the demo promised. */
final class DriftVerdict {

    private static final Set<Attribution> INPUT =
            Set.of(Attribution.INPUT, Attribution.INPUT_AND_MAP);
    private static final Set<Attribution> MECHANISM = Set.of(Attribution.MECHANISM);

    private final DriftLog log;
    private final DriftTimeline timeline;
    private final Map<String, List<DriftStep>> steps = new LinkedHashMap<>();

    DriftVerdict(DriftLog log, DriftTimeline timeline) {
        this.log = log;
        this.timeline = timeline;
        for (DriftStep step : DriftStep.values()) {
            steps.computeIfAbsent(step.phase(), p -> new ArrayList<>()).add(step);
        }
    }

    Map<String, DriftReport.Phase> phases() {
        Map<String, DriftReport.Phase> phases = new LinkedHashMap<>();
        steps.forEach((name, parts) -> phases.put(name, phase(parts)));
        return phases;
    }

    private DriftReport.Phase phase(List<DriftStep> parts) {
        Map<String, Integer> raised = new TreeMap<>();
        Map<String, Integer> resolved = new TreeMap<>();
        Map<String, Integer> causes = new TreeMap<>();
        int windows = 0;
        int certificates = 0;
        double scores = 0;
        for (DriftStep part : parts) {
            DriftTimeline.Span span = timeline.of(part);
            windows += span.windows();
            for (List<InterfaceCertificate> each : log.certificates(span.start(), span.end())) {
                for (InterfaceCertificate certificate : each) {
                    certificates++;
                    scores += certificate.getFindings().getDriftScore();
                }
            }
            for (Alert alert : log.alerts(span.start(), span.end())) {
                boolean up = alert.getTransition() == AlertTransition.RAISED;
                (up ? raised : resolved).merge(alert.getKind(), 1, Integer::sum);
                if (up) {
                    causes.merge(log.cause(alert).name(), 1, Integer::sum);
                }
            }
        }
        DriftStep first = parts.get(0);
        return new DriftReport.Phase(
                windows,
                certificates,
                raised,
                resolved,
                causes,
                certificates == 0 ? 0 : scores / certificates,
                promise(first),
                kept(first, certificates, raised, causes));
    }

    private static String promise(DriftStep step) {
        return switch (step) {
            case REFERENCE -> "calibrated from, judged by nothing";
            case UNCHANGED -> "no alert";
            case VERBS, SHUFFLED -> "CERTIFICATE_DRIFT, every alert named input drift";
            case RECOVERY -> "no alert; the drift alerts are resolved";
            case MECHANISM -> "CERTIFICATE_DRIFT, every alert named mechanism drift";
        };
    }

    private boolean kept(
            DriftStep step,
            int certificates,
            Map<String, Integer> raised,
            Map<String, Integer> causes) {
        return switch (step) {
            case REFERENCE -> certificates == 0 && raised.isEmpty();
            case UNCHANGED -> certificates > 0 && raised.isEmpty();
            case VERBS, SHUFFLED -> named(raised, causes, INPUT);
            case RECOVERY -> raised.isEmpty() && allResolved();
            case MECHANISM -> named(raised, causes, MECHANISM);
        };
    }

    private static boolean named(
            Map<String, Integer> raised, Map<String, Integer> causes, Set<Attribution> allowed) {
        return raised.containsKey("CERTIFICATE_DRIFT")
                && causes.keySet().stream()
                        .allMatch(cause -> allowed.contains(Attribution.valueOf(cause)));
    }

    /** Whether every alert raised before the end of the recovery was resolved by then. */
    private boolean allResolved() {
        Map<String, Integer> standing = new TreeMap<>();
        long start = timeline.of(DriftStep.REFERENCE).start();
        long end = timeline.of(DriftStep.RECOVERY).end();
        for (Alert alert : log.alerts(start, end)) {
            int change = alert.getTransition() == AlertTransition.RAISED ? 1 : -1;
            standing.merge(alert.getKind() + " " + alert.getPart(), change, Integer::sum);
        }
        return standing.values().stream().allMatch(count -> count == 0);
    }

    List<DriftReport.Transition> transitions() {
        List<DriftReport.Transition> transitions = new ArrayList<>();
        for (Alert alert : log.alerts(Long.MIN_VALUE, Long.MAX_VALUE)) {
            DriftStep step = timeline.at(alert.getPaneEnd());
            transitions.add(
                    new DriftReport.Transition(
                            step == null ? "" : step.phase(),
                            alert.getKind(),
                            alert.getTransition().name(),
                            alert.getPart(),
                            log.cause(alert).name(),
                            timeline.window(alert.getPaneEnd()),
                            alert.getText()));
        }
        return transitions;
    }
}
