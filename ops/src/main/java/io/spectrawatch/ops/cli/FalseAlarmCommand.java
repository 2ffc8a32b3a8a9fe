package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.study.FalseAlarmOptions;
import io.spectrawatch.ops.study.FalseAlarmReport;
import io.spectrawatch.ops.study.FalseAlarmStudy;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench false-alarms}: counts false alarms on real activations without change. */
@Command(
        name = "false-alarms",
        mixinStandardHelpOptions = true,
        description =
                "Counts false alarms of the certificates' tests on real activations without"
                        + " change. The full size takes hours.")
final class FalseAlarmCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;

    @Option(
            names = "--glosses",
            defaultValue = "82000",
            description = "Noun definitions that the model reads (default: 82000).")
    private int glosses;

    @Option(names = "--runs", defaultValue = "400", description = "Runs (default: 400).")
    private int runs;

    @Option(
            names = "--panes",
            defaultValue = "5000",
            description = "Pooled panes of a run (default: 5000).")
    private int panes;

    @Option(
            names = "--pool-rows",
            defaultValue = "10000",
            description = "Rows of a pooled pane to begin with (default: 10000).")
    private long poolRows;

    @Option(
            names = "--alpha",
            defaultValue = "0.05",
            description = "Level of a run, both tests together (default: 0.05).")
    private double alpha;

    @Option(names = "--seed", defaultValue = "1", description = "Seed (default: 1).")
    private long seed;

    @Option(names = "--threads", defaultValue = "1", description = "Runs at a time (default: 1).")
    private int threads;

    @Override
    public Integer call() throws IOException, InterruptedException {
        FalseAlarmOptions full = FalseAlarmOptions.full();
        FalseAlarmOptions options;
        try {
            options =
                    new FalseAlarmOptions(
                            glosses,
                            full.windowRank(),
                            full.groups(),
                            full.textsPerBlock(),
                            runs,
                            panes,
                            poolRows,
                            alpha,
                            seed,
                            threads);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        PrintWriter err = spec.commandLine().getErr();
        FalseAlarmReport report = FalseAlarmStudy.run(options, err::println);
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, spec.commandLine().getOut());
        return report.withinLevel() ? 0 : ExitCodes.FAILED;
    }

    private static void print(FalseAlarmReport report, PrintWriter out) {
        out.printf(
                "%,d rows in %,d blocks, %d interfaces; %d runs of %,d pooled panes%n",
                report.rows(), report.blocks(), report.interfaces(), report.runs(), report.panes());
        out.printf(
                "%d runs with an alarm (drift %d, spectrum %d); alpha = %.3g explains up to %d%n",
                report.alarmedRuns(),
                report.driftAlarms(),
                report.spectrumAlarms(),
                report.alpha(),
                report.mostAlarmedRuns());
        out.printf(
                "refused: %d baselines, %d drift tests, %d spectrum tests%n",
                report.refusedBaselines(), report.refusedDrift(), report.refusedSpectrum());
        out.printf(
                "drift score: mean %.3g, tolerated %.3g, at most %.2f of it in a run%n",
                report.meanDriftScore(), report.meanDriftTolerance(), report.worstDriftShare());
        out.printf(
                "spectrum score: mean %.3g, tolerated %.3g, at most %.2f of it in a run%n",
                report.meanSpectrumScore(),
                report.meanSpectrumTolerance(),
                report.worstSpectrumShare());
        out.printf(
                "%,d panes certified in full: %,d with a changed element, %,d beyond their sampling"
                        + " spread%n",
                report.certifiedPanes(), report.changedPanes(), report.changedBeyondSampling());
    }
}
