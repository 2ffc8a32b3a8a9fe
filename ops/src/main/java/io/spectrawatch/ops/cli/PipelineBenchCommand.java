package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.bench.pipeline.PipelineBench;
import io.spectrawatch.ops.bench.pipeline.PipelineOptions;
import io.spectrawatch.ops.bench.pipeline.PipelineReport;
import io.spectrawatch.ops.bench.pipeline.StageCost;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.spectral.tensor.ElementType;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench pipeline}: what every stage costs, beside the least that Kafka needs for it. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description =
                "Rows per second and processor time of every stage of the pipeline, on a broker of"
                        + " its own, beside a plain consumer, a job that only reads, and a bare"
                        + " copy of the same records; with what each stage spends its time on.")
final class PipelineBenchCommand implements Callable<Integer> {

    private static final String ROW = "  %-24s %12s %8s %10s %8s %10s %8s%n";

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;

    @Option(
            names = "--columns",
            defaultValue = "384",
            description = "Columns of a row (default: 384).")
    private int columns;

    @Option(
            names = "--layers",
            defaultValue = "7",
            description = "Layers of a snapshot (default: 7).")
    private int layers;

    @Option(
            names = "--rows-per-snapshot",
            defaultValue = "256",
            description = "Rows of each layer in a snapshot (default: 256).")
    private int rowsPerSnapshot;

    @Option(
            names = "--rows-per-sample",
            defaultValue = "32",
            description =
                    "Rows that belong to one sample, as tokens do to a text; 1 where rows are"
                            + " samples (default: 32).")
    private int rowsPerSample;

    @Option(
            names = "--snapshots",
            defaultValue = "600",
            description = "Snapshots that each stage takes (default: 600).")
    private int snapshots;

    @Option(
            names = "--element-type",
            defaultValue = "FLOAT32",
            description = "FLOAT32, FLOAT16 or BFLOAT16 (default: FLOAT32).")
    private ElementType elementType;

    @Option(
            names = "--shards",
            defaultValue = "4",
            description = "Partitions of the log (default: 4).")
    private int shards;

    @Option(
            names = "--parallelism",
            defaultValue = "2",
            description = "Threads of ingest, and subtasks of the jobs (default: 2).")
    private int parallelism;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the rows (default: 1).")
    private long seed;

    @Override
    public Integer call() throws Exception {
        PrintWriter progress =
                json.takesStandardOutput()
                        ? spec.commandLine().getErr()
                        : spec.commandLine().getOut();
        PipelineReport report =
                PipelineBench.run(
                        options(),
                        line -> {
                            progress.println(line);
                            progress.flush();
                        });
        print(report, progress);
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private PipelineOptions options() {
        try {
            return new PipelineOptions(
                    columns,
                    layers,
                    rowsPerSnapshot,
                    rowsPerSample,
                    snapshots,
                    elementType,
                    shards,
                    parallelism,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static void print(PipelineReport report, PrintWriter out) {
        PipelineOptions sent = report.options();
        out.printf(
                Locale.ROOT,
                "%,d snapshots of %d x %d %s rows in %d layers, %,d bytes each; %d shards,"
                        + " parallelism %d%n",
                sent.snapshots(),
                sent.rowsPerSnapshot(),
                sent.columns(),
                sent.elementType(),
                sent.layers(),
                report.bytesPerSnapshot(),
                sent.shards(),
                sent.parallelism());
        out.printf(ROW, "", "", "", "own CPU", "own", "broker CPU", "broker");
        out.printf(ROW, "stage", "rows/s", "MB/s", "s/M rows", "s/GB", "s/M rows", "s/GB");
        line(out, "plain consumer", report.plain());
        line(out, "pass-through", report.passThrough());
        line(out, "bare copy", report.copy());
        line(out, "ingest", report.ingest());
        line(out, "monitor, sketches", report.sketch());
        line(out, "monitor, certificates", report.certified());
        line(out, "monitor, everything", report.full());
        line(out, "ingest and monitor", report.endToEnd());
        out.printf(
                Locale.ROOT,
                "over pass-through: sketches %.2f, certificates %.2f, everything %.2f; ingest over"
                        + " the bare copy: %.2f%n",
                report.sketchRatio(),
                report.certifiedRatio(),
                report.fullRatio(),
                report.ingestRatio());
        frames(out, "plain consumer", report.plain());
        frames(out, "pass-through", report.passThrough());
        frames(out, "bare copy", report.copy());
        frames(out, "ingest", report.ingest());
        frames(out, "monitor, sketches", report.sketch());
        frames(out, "monitor, certificates", report.certified());
        frames(out, "monitor, everything", report.full());
        frames(out, "ingest and monitor", report.endToEnd());
    }

    private static void line(PrintWriter out, String name, StageCost cost) {
        out.printf(
                ROW,
                name,
                String.format(Locale.ROOT, "%,.0f", cost.rowsPerSecond()),
                String.format(Locale.ROOT, "%.0f", cost.megabytesPerSecond()),
                String.format(Locale.ROOT, "%.2f", cost.cpuSecondsPerMillionRows()),
                String.format(Locale.ROOT, "%.2f", cost.cpuSecondsPerGigabyte()),
                String.format(Locale.ROOT, "%.2f", cost.brokerCpuSecondsPerMillionRows()),
                String.format(Locale.ROOT, "%.2f", cost.brokerCpuSecondsPerGigabyte()));
    }

    private static void frames(PrintWriter out, String name, StageCost cost) {
        out.printf("%s: where its threads were%n", name);
        for (StageCost.Frame frame : cost.frames()) {
            out.printf(Locale.ROOT, "  %5.1f %%  %s%n", 100 * frame.share(), frame.method());
        }
    }
}
