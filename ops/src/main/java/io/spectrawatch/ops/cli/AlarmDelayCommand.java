package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.study.AlarmDelayOptions;
import io.spectrawatch.ops.study.AlarmDelayReport;
import io.spectrawatch.ops.study.AlarmDelayStudy;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench alarm-delay}: how soon the certificates' tests notice a shift of their score. */
@Command(
        name = "alarm-delay",
        mixinStandardHelpOptions = true,
        description =
                "How many scores, one per pooled pane, the certificates' tests take to alarm after"
                        + " the mean of the score has shifted; drawn, not captured.")
final class AlarmDelayCommand implements Callable<Integer> {

    private static final String ROW = "  %-11s %8s %8s %8s %8s %8s %8s %8s%n";

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;

    @Option(
            names = "--tolerance",
            defaultValue = "0.2",
            description = "Tolerated mean of the score, and its mean before (default: 0.2).")
    private double tolerance;

    @Option(
            names = "--means",
            split = ",",
            defaultValue = "0.3,0.4,0.6",
            description = "Mean scores after the change (default: 0.3,0.4,0.6).")
    private List<Double> means;

    @Option(names = "--alpha", defaultValue = "0.01", description = "Level (default: 0.01).")
    private double alpha;

    @Option(
            names = "--run-length",
            defaultValue = "100000",
            description = "Mean scores between false alarms in that mode (default: 100000).")
    private double runLength;

    @Option(
            names = "--streams",
            defaultValue = "1",
            description = "Tests that share the level (default: 1).")
    private int streams;

    @Option(
            names = "--change",
            defaultValue = "500",
            description = "Scores before the change (default: 500).")
    private int change;

    @Option(
            names = "--most",
            defaultValue = "10000",
            description = "Scores after the change at which a run is given up (default: 10000).")
    private int most;

    @Option(
            names = "--concentration",
            defaultValue = "5",
            description = "a + b of the Beta distributions of the scores (default: 5).")
    private double concentration;

    @Option(names = "--runs", defaultValue = "1000", description = "Runs (default: 1000).")
    private int runs;

    @Option(names = "--seed", defaultValue = "1", description = "Seed (default: 1).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        AlarmDelayReport report = AlarmDelayStudy.run(options());
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, out());
        return 0;
    }

    private AlarmDelayOptions options() {
        try {
            EvidenceOptions contract =
                    EvidenceOptions.defaults()
                            .withTolerance(tolerance)
                            .withAlpha(alpha)
                            .withWeight(1.0 / streams);
            return new AlarmDelayOptions(
                    contract, 1 / runLength, means, change, most, concentration, runs, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static void print(AlarmDelayReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "scores of mean %.3g, which is tolerated, then a shift after %,d of them; %,d runs"
                        + " a row%n",
                report.tolerance(),
                report.change(),
                report.runs());
        out.printf(ROW, "horizon", "alpha", "share", "mean", "early", "missed", "median", "90 %");
        for (AlarmDelayReport.Row row : report.rows()) {
            out.printf(
                    ROW,
                    row.horizon().toLowerCase(Locale.ROOT).replace('_', '-'),
                    String.format(Locale.ROOT, "%.3g", row.alpha()),
                    String.format(Locale.ROOT, "%.3g", row.weight()),
                    String.format(Locale.ROOT, "%.3g", row.mean()),
                    row.early(),
                    row.missed(),
                    row.median(),
                    row.tenth());
        }
    }
}
