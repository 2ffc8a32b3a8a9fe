package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.ops.demo.stack.DemoRequest;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The attack demo on the terminal: a line per pane, one of its findings, and its alerts. */
final class AttackScreen {

    private final PrintWriter out;

    AttackScreen(PrintWriter out) {
        this.out = out;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    void header() {
        out.printf(
                "%n  window  %-9s %8s %9s %9s %13s %12s%n",
                "phase", "samples", "attacked", "detected", "false alarms", "in words");
    }

    void window(long number, AttackStep step, List<SampleScores> scores, List<Alert> alerts) {
        Tally tally = Tally.of(scores);
        out.printf(
                Locale.ROOT,
                "  %6d  %-9s %8d %9d %9d %13d  %s%n",
                number,
                step.phase(),
                tally.samples(),
                tally.attacked(),
                tally.detected(),
                tally.falseAlarms(),
                "#".repeat(tally.detected() / 5) + "!".repeat(tally.falseAlarms()));
        scores.stream().filter(each -> each.getKind() != null).findFirst().ifPresent(this::finding);
        for (Alert alert : alerts) {
            boolean raised = alert.getTransition() == AlertTransition.RAISED;
            out.printf(
                    "    %s %s %s: %s%n",
                    raised ? "!" : ".",
                    alert.getKind(),
                    raised ? "raised" : "resolved",
                    alert.getText());
            alert.getExamples()
                    .forEach(
                            each ->
                                    where(
                                            each.getSampleId() + ": ",
                                            DemoRequest.text(
                                                    each.getContext(), each.getSpeaking())));
        }
        out.flush();
    }

    private void finding(SampleScores scores) {
        out.println("          " + scores.getText());
        where("", DemoRequest.text(scores.getContext(), scores.getSpeaking()));
    }

    private void where(String whose, String text) {
        if (!text.isEmpty()) {
            out.println("          " + whose + text);
        }
    }

    void end(AttackReport report) {
        out.printf(
                "%n  %-10s %7s %8s %9s %9s %13s  %s%n",
                "phase", "windows", "samples", "attacked", "detected", "false alarms", "kinds");
        report.phases()
                .forEach(
                        (name, phase) ->
                                out.printf(
                                        Locale.ROOT,
                                        "  %-10s %7d %8d %9d %7.1f %% %11.2f %%  %s%n",
                                        name,
                                        phase.windows(),
                                        phase.samples(),
                                        phase.attacked(),
                                        100 * phase.detectionRate(),
                                        100 * phase.falsePositiveRate(),
                                        phase.alerts()));
        out.printf(
                "%n  each score alone, at the same level %19s %14s%n", "detected", "false alarms");
        report.alone()
                .forEach(
                        (name, alone) ->
                                out.printf(
                                        Locale.ROOT,
                                        "  %-44s %7.1f %% %12.2f %%%n",
                                        name,
                                        100 * alone.detectionRate(),
                                        100 * alone.falsePositiveRate()));
        AttackReport.Pairs pairs = report.pairs();
        out.printf(
                Locale.ROOT,
                "  beside the client's last requests: steep at %.1f %% of %d digits attacked after"
                        + " their original, %d of them unsuspicious by themselves; at %.1f %% of %d"
                        + " moved by chance%n",
                100 * pairs.detectionRate(),
                pairs.attacked(),
                pairs.byPairAlone(),
                100 * pairs.falsePositiveRate(),
                pairs.moved());
        out.printf(
                Locale.ROOT,
                "  combined: detected %.1f %% of the attacked digits, false alarms on %.2f %% of the clean"
                        + " ones: %s%n",
                100 * report.detectionRate(),
                100 * report.falsePositiveRate(),
                report.asPromised() ? "as promised" : "NOT AS PROMISED");
        out.flush();
    }

    /** Whether the demo attacked the sample. */
    static boolean isAttacked(SampleScores sample) {
        return sample.getSampleId().startsWith(AttackCapture.ATTACKED);
    }

    /** Counts of a set of samples. */
    record Tally(int samples, int attacked, int detected, int falseAlarms) {
        static Tally of(List<SampleScores> scores) {
            int attacked = 0;
            int detected = 0;
            int falseAlarms = 0;
            for (SampleScores each : scores) {
                boolean attack = isAttacked(each);
                boolean alert = each.getKind() != null;
                attacked += attack ? 1 : 0;
                detected += attack && alert ? 1 : 0;
                falseAlarms += !attack && alert ? 1 : 0;
            }
            return new Tally(scores.size(), attacked, detected, falseAlarms);
        }
    }
}
