package io.spectrawatch.ops.demo.python;

import io.spectrawatch.ops.demo.python.PythonReport.Named;
import io.spectrawatch.ops.demo.python.PythonReport.Raised;
import io.spectrawatch.ops.demo.python.PythonServer.Answer;
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
    private static final double LEAST_APPENDED = 0.5;
    private static final double MOST_FALSE_ALARMS = 0.05;

    private final Map<String, Asked> asked;
    private int falseAlarms;
    private int detected;
    private int appended;

    /** A request and what the server answered. */
    record Asked(PythonTexts.Text text, String client, Answer answer) {

        boolean isAttacked() {
            return text.appendedAt() < text.text().length();
        }

        /** Whether a token is one of those put behind the text. */
        private boolean isAppended(long token) {
            int[] place = answer.places().get((int) token);
            return place[1] > place[0] && place[0] >= text.appendedAt();
        }

        private String word(long token) {
            int[] place = answer.places().get((int) token);
            // What the tokenizer puts around a text stands nowhere in it.
            return place[0] == place[1]
                    ? token == 0 ? "[begin]" : "[end]"
                    : text.text().substring(place[0], place[1]);
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
        appended +=
                !speaking.isEmpty() && request.isAppended(speaking.get(0).getPosition()) ? 1 : 0;
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
                request != null && request.isAttacked(),
                tokens,
                request == null ? List.of() : tokens.stream().map(request::word).toList());
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

    /** Of the attacks found, how many by a token that the attacker has put there. */
    double loudestAppended() {
        return detected == 0 ? 0 : (double) appended / detected;
    }

    boolean asPromised(int clean, int attacked, List<Raised> alerts, long rejected) {
        return detected >= LEAST_DETECTED * attacked
                && loudestAppended() >= LEAST_APPENDED
                && falseAlarms <= MOST_FALSE_ALARMS * clean
                && alerts.stream().anyMatch(PythonVerdict::isTraceable)
                && rejected == 0;
    }

    /** Whether an alert leads to attacked requests, and to tokens within each. */
    private static boolean isTraceable(Raised alert) {
        return alert.kind().endsWith("UNDER_ATTACK")
                && alert.requests().stream().anyMatch(Named::attacked)
                && alert.requests().stream().noneMatch(named -> named.tokens().isEmpty());
    }
}
