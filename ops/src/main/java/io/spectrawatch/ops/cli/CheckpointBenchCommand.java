package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.ops.bench.pipeline.CheckpointBench;
import io.spectrawatch.ops.bench.pipeline.CheckpointReport;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.PipelineSizes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench checkpoint}: whether much state holds the stream up. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description =
                "How long the monitor takes no snapshot while it writes checkpoints, beside a run"
                        + " without. State grows with layers, shards and the square of the columns.")
final class CheckpointBenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private PipelineSizes sizes;
    @Mixin private JsonOption json;

    @Option(
            names = "--interval-ms",
            defaultValue = "5000",
            description = "From checkpoint to checkpoint, in milliseconds (default: 5000).")
    private long intervalMillis;

    @Option(
            names = "--memory-budget",
            defaultValue = MemoryBudget.AUTO,
            description =
                    "The monitor's memory.budget (default: auto). It shares what there is among as"
                            + " many panes as may be open, of which one is here: with more than the"
                            + " process has, such as heap=64g,native=8g, layers stay exact.")
    private String memoryBudget;

    @Override
    public Integer call() throws Exception {
        if (intervalMillis < 10) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--interval-ms must be at least 10, found " + intervalMillis);
        }
        CheckpointReport report =
                CheckpointBench.run(
                        sizes.options(spec.commandLine()),
                        intervalMillis,
                        budget(),
                        json.progress(spec.commandLine()));
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private MemoryBudget budget() {
        try {
            return MemoryBudget.parse(MemoryDefinition.MEMORY_BUDGET.key(), memoryBudget);
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static void print(CheckpointReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d layers of %d columns on %d shards; at most %.0f MB of checkpoints at a time%n",
                report.options().layers(),
                report.options().columns(),
                report.options().shards(),
                report.stateBytes() / 1e6);
        print("without checkpoints", report.without(), out);
        print("every " + report.intervalMillis() + " ms", report.with(), out);
    }

    private static void print(String name, CheckpointReport.Run run, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  %-20s %,10.0f rows/s, longest pause %,.0f ms%n",
                name,
                run.rowsPerSecond(),
                run.longestPauseMillis());
    }
}
