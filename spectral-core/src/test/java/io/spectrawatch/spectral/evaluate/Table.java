package io.spectrawatch.spectral.evaluate;

import java.util.Locale;
import java.util.Map;

/** Prints a report, so that the log of a test run shows what was measured. */
final class Table {
    private Table() {}

    static void print(EvaluationReport report) {
        System.out.println(
                "AUROC / share detected at 1 % false positives: " + report.combined().keySet());
        line("combined", report.combined());
        report.scores().forEach(Table::line);
        System.out.println("weights " + report.weights());
        System.out.printf(
                Locale.ROOT,
                "p <= 1 %%: clean %.4f, attacked %s%n",
                report.falsePositiveRateAtP1Percent(),
                report.detectedAtP1Percent());
    }

    private static void line(String name, Map<String, Measured> byFile) {
        StringBuilder out = new StringBuilder(String.format("%-40s", name));
        for (Measured m : byFile.values()) {
            out.append(String.format(Locale.ROOT, " %.3f/%.2f", m.auroc(), m.tprAt1Percent()));
        }
        Measured mean = EvaluationReport.mean(byFile);
        out.append(String.format(Locale.ROOT, " | %.3f %.3f", mean.auroc(), mean.tprAt1Percent()));
        System.out.println(out);
    }
}
