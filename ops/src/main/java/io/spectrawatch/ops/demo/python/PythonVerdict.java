package io.spectrawatch.ops.demo.python;

import io.spectrawatch.ops.demo.python.PythonReport.Named;
import io.spectrawatch.ops.demo.python.PythonReport.Raised;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SpeakingRow;
import java.util.List;
import java.util.Map;

/** What scores and alerts say, beside what was sent. */
final class PythonVerdict {

    private static final double LEAST_DETECTED = 0.5;

    /** A third of the tokens is covered, and a covered one would be loudest so often by chance. */
    private static final double LEAST_COVERED = 2.0 / 3;

    private static final double MOST_FALSE_ALARMS = 0.05;

    private final Map<String, Asked> asked;
    private int falseAlarms;
    private int detected;
    private int covered;

    /** A request. */
    record Asked(String client, PythonDigits.Digit digit) {

        boolean isAttacked() {
            return !digit.covered().isEmpty();
        }
    }

    /**
     * @param asked the requests that are judged, by trace id
     */
    PythonVerdict(Map<String, Asked> asked) {
        this.asked = asked;
    }

    void score(SampleScores scores) {
        Asked request = asked.get(trace(scores.getContext(), scores.getSampleId()));
        if (request == null || scores.getKind() == null) {
            return;
        }
        if (!request.isAttacked()) {
            falseAlarms++;
            return;
        }
        detected++;
        List<SpeakingRow> speaking = scores.getSpeaking();
        boolean atCover =
                !speaking.isEmpty()
                        && request.digit().covered().contains(speaking.get(0).getPosition());
        covered += atCover ? 1 : 0;
    }

    Raised raised(Alert alert) {
        return new Raised(
                alert.getKind(),
                alert.getText(),
                alert.getExamples().stream().map(this::named).toList());
    }

    private Named named(SampleExample example) {
        String trace = trace(example.getContext(), example.getSampleId());
        Asked request = asked.get(trace);
        List<Long> tokens = example.getSpeaking().stream().map(SpeakingRow::getPosition).toList();
        return new Named(
                trace,
                example.getClient(),
                tokens,
                request == null ? List.of() : request.digit().covered());
    }

    /** The trace id that a sample carries, or its id, which the server takes from the trace. */
    private static String trace(SampleContext context, String id) {
        return context == null || context.getTraceId() == null ? id : context.getTraceId();
    }

    int falseAlarms() {
        return falseAlarms;
    }

    int detected() {
        return detected;
    }

    /** Of the attacks found, how many by a token that the attacker has covered. */
    double loudestCovered() {
        return detected == 0 ? 0 : (double) covered / detected;
    }

    boolean asPromised(int clean, int attacked, List<Raised> alerts, long rejected) {
        return detected >= LEAST_DETECTED * attacked
                && loudestCovered() >= LEAST_COVERED
                && falseAlarms <= MOST_FALSE_ALARMS * clean
                && alerts.stream().anyMatch(PythonVerdict::isTraceable)
                && rejected == 0;
    }

    /** Whether an alert leads to attacked requests, and to tokens within each. */
    private static boolean isTraceable(Raised alert) {
        return alert.kind().endsWith("UNDER_ATTACK")
                && alert.requests().stream().anyMatch(named -> !named.covered().isEmpty())
                && alert.requests().stream().noneMatch(named -> named.tokens().isEmpty());
    }
}
