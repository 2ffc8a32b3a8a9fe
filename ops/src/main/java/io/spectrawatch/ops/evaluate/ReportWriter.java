package io.spectrawatch.ops.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.text.Printable;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Turns a report into a table and into JSON. */
final class ReportWriter {
    private static final int FIRST_COLUMN = 40;
    private static final int COLUMN = 12;

    /** Taken of every input that evidence is taken of, images or not. */
    private static final String EVIDENCE = "kernel-evidence-";

    private ReportWriter() {}

    static void print(EvaluationReport report, PrintWriter out) {
        out.printf(
                "fitted on %d reference samples, measured on %d clean ones%n",
                report.referenceSamples(), report.cleanSamples());
        out.println("each cell: AUROC/share detected at 1 % false positives");
        out.println();
        int first = report.scores().keySet().stream().mapToInt(String::length).max().orElse(0) + 1;
        int width = Math.max(FIRST_COLUMN, first);
        StringBuilder head = new StringBuilder(pad("score", width));
        report.combined().keySet().forEach(name -> head.append(left(name)));
        out.println(head.append(left("mean")));
        row(out, width, "combined", report.combined());
        report.scores().forEach((name, byFile) -> row(out, width, name, byFile));
        out.println();
        report.combined()
                .forEach(
                        (name, m) ->
                                out.printf(
                                        Locale.ROOT,
                                        "%s: %d samples, AUROC %.4f [%.4f, %.4f], detected %.1f %%"
                                                + " [%.1f, %.1f] at 1 %%, %.1f %% at 5 %%; alerts at"
                                                + " p <= 0.01: %.1f %%%n",
                                        name,
                                        report.attackedSamples().get(name),
                                        m.auroc(),
                                        m.aurocLower(),
                                        m.aurocUpper(),
                                        100 * m.tprAt1Percent(),
                                        100 * m.tprAt1PercentLower(),
                                        100 * m.tprAt1PercentUpper(),
                                        100 * m.tprAt5Percent(),
                                        100 * report.detectedAtP1Percent().get(name)));
        out.printf(
                Locale.ROOT,
                "clean samples with p <= 0.01: %.2f %%%n",
                100 * report.falsePositiveRateAtP1Percent());
        report.levels().forEach(level -> print(level, out));
        out.printf(
                Locale.ROOT,
                "scoring takes %.0f microseconds a sample%n",
                report.microsecondsPerSample());
        report.weights()
                .forEach(
                        (name, w) ->
                                out.printf(
                                        Locale.ROOT, "weight %.3f  %s%n", w, Printable.text(name)));
        if (report.weights().keySet().stream().noneMatch(n -> n.startsWith(EVIDENCE))) {
            out.println(
                    "no evidence of models of the input: it needs a model with classes, and its"
                            + " input among the layers");
        }
        report.leftOut()
                .forEach(
                        (name, why) ->
                                out.printf(
                                        "left out: %s (%s)%n",
                                        Printable.text(name), Printable.text(why)));
        out.flush();
    }

    private static void print(LevelCheck check, PrintWriter out) {
        if (!check.supported()) {
            out.printf(
                    Locale.ROOT,
                    "level %s: not supported, nothing can be flagged: %d calibration samples"
                            + " where %d are needed%n",
                    check.level(),
                    check.calibration(),
                    check.needed());
            return;
        }
        out.printf(
                Locale.ROOT,
                "level %s: %.3f %% of the clean samples flagged (%s: %.3f to %.3f %% is what %d"
                        + " calibration samples promise)%s%n",
                check.level(),
                100 * check.clean().share(),
                check.asPromised() ? "as promised" : "BEYOND",
                100 * check.lower(),
                100 * check.upper(),
                check.calibration(),
                check.byClass().size() > 1 ? worst(check) : "");
        check.attacked()
                .forEach(
                        (name, share) ->
                                out.printf(
                                        Locale.ROOT,
                                        "  %s: %.1f %% flagged%n",
                                        Printable.text(name),
                                        100 * share.share()));
    }

    private static String worst(LevelCheck check) {
        LevelCheck.Share worst = check.worst().getValue();
        return String.format(
                Locale.ROOT,
                "; most of class %d: %.2f %% [%.2f, %.2f] of %d",
                check.worst().getKey(),
                100 * worst.share(),
                100 * worst.estimate().lower(),
                100 * worst.estimate().upper(),
                worst.of());
    }

    private static void row(PrintWriter out, int width, String name, Map<String, Measured> byFile) {
        StringBuilder line = new StringBuilder(pad(name, width));
        byFile.values().forEach(m -> line.append(left(cell(m))));
        out.println(line.append(left(cell(EvaluationReport.mean(byFile)))));
    }

    private static String cell(Measured m) {
        return String.format(Locale.ROOT, "%.3f/%.2f", m.auroc(), m.tprAt1Percent());
    }

    private static String pad(String text, int width) {
        return String.format("%-" + width + "s", Printable.text(text));
    }

    private static String left(String text) {
        return String.format(" %" + COLUMN + "s", text);
    }

    static ObjectNode json(EvaluationReport report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("referenceSamples", report.referenceSamples());
        root.put("cleanSamples", report.cleanSamples());
        root.put("falsePositiveRateAtP1Percent", report.falsePositiveRateAtP1Percent());
        ObjectNode weights = root.putObject("weights");
        report.weights().forEach(weights::put);
        ObjectNode combined = root.putObject("combined");
        report.combined()
                .forEach(
                        (name, m) -> {
                            ObjectNode node = measured(combined.putObject(name), m);
                            node.put("samples", report.attackedSamples().get(name));
                            node.put("detectedAtP1Percent", report.detectedAtP1Percent().get(name));
                        });
        measured(root.putObject("combinedMean"), EvaluationReport.mean(report.combined()));
        ObjectNode scores = root.putObject("scores");
        report.scores()
                .forEach(
                        (score, byFile) -> {
                            ObjectNode node = scores.putObject(score);
                            byFile.forEach((name, m) -> measured(node.putObject(name), m));
                        });
        report.levels().forEach(check -> level(root.withArray("levels").addObject(), check));
        root.put("microsecondsPerSample", report.microsecondsPerSample());
        ObjectNode leftOut = root.putObject("leftOut");
        report.leftOut().forEach(leftOut::put);
        return root;
    }

    private static void level(ObjectNode node, LevelCheck check) {
        node.put("level", check.level());
        node.put("supported", check.supported());
        node.put("calibrationSamples", check.calibration());
        share(node.putObject("clean"), check.clean());
        node.putArray("promised").add(check.lower()).add(check.upper());
        node.put("asPromised", check.asPromised());
        ObjectNode classes = node.putObject("byClass");
        check.byClass().forEach((c, share) -> share(classes.putObject(c.toString()), share));
        ObjectNode attacked = node.putObject("attacked");
        check.attacked().forEach((name, share) -> share(attacked.putObject(name), share));
    }

    private static void share(ObjectNode node, LevelCheck.Share share) {
        node.put("flagged", share.flagged()).put("of", share.of()).put("share", share.share());
        node.putArray("interval").add(share.estimate().lower()).add(share.estimate().upper());
    }

    private static ObjectNode measured(ObjectNode node, Measured m) {
        node.put("auroc", m.auroc());
        node.put("tprAt1Percent", m.tprAt1Percent());
        node.put("tprAt5Percent", m.tprAt5Percent());
        node.putArray("aurocInterval").add(m.aurocLower()).add(m.aurocUpper());
        node.putArray("tprAt1PercentInterval")
                .add(m.tprAt1PercentLower())
                .add(m.tprAt1PercentUpper());
        return node;
    }
}
