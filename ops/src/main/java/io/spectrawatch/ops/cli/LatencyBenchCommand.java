package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.bench.pipeline.LatencyBench;
import io.spectrawatch.ops.bench.pipeline.LatencyOptions;
import io.spectrawatch.ops.bench.pipeline.LatencyReport;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.PipelineSizes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench latency}: how soon a score can be read. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "Time from sending a snapshot until the scores of its samples are visible to a"
                        + " read-committed consumer, on a broker of its own, at a share of the rate"
                        + " that ingest and monitor manage together.")
final class LatencyBenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;
    @Mixin private PipelineSizes sizes;

    @Option(
            names = "--load",
            defaultValue = "0.5",
            description = "Share of that rate (default: 0.5).")
    private double load;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "How long snapshots are sent that count (default: 60).")
    private int seconds;

    @Option(
            names = "--checkpoint-interval-ms",
            defaultValue = "1000",
            description = "Time between checkpoints of the monitor (default: 1000).")
    private long checkpointInterval;

    @Override
    public Integer call() throws Exception {
        LatencyReport report =
                LatencyBench.run(
                        sizes.calibrated(spec.commandLine()),
                        options(),
                        json.progress(spec.commandLine()));
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private LatencyOptions options() {
        try {
            return new LatencyOptions(load, seconds, checkpointInterval);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static void print(LatencyReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d samples at %.1f snapshots/s of at most %.1f, a checkpoint every %d ms%n",
                report.samples(),
                report.snapshotsPerSecond(),
                report.mostSnapshotsPerSecond(),
                report.latency().checkpointIntervalMillis());
        out.printf(
                Locale.ROOT,
                "sent to score visible: p50 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
                report.p50Millis(),
                report.p99Millis(),
                report.maxMillis());
        out.printf(
                Locale.ROOT,
                "busy meanwhile: %.2f processors here, %.2f in the broker%n",
                report.cores(),
                report.brokerCores());
    }
}
