package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.bench.pipeline.PipelineBench;
import io.spectrawatch.ops.bench.pipeline.PipelineOptions;
import io.spectrawatch.ops.bench.pipeline.PipelineReport;
import io.spectrawatch.ops.bench.pipeline.StageCost;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.PipelineSizes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    @Mixin private PipelineSizes sizes;

    @Override
    public Integer call() throws Exception {
        PipelineReport report =
                PipelineBench.run(
                        sizes.calibrated(spec.commandLine()), json.progress(spec.commandLine()));
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, spec.commandLine().getOut());
        return 0;
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
        line(out, "kernel, sketches alone", report.kernel());
        line(out, "monitor, sketches", report.sketch());
        line(out, "monitor, certificates", report.certified());
        line(out, "monitor, everything", report.full());
        line(out, "ingest and monitor", report.endToEnd());
        out.printf(
                Locale.ROOT,
                "processor time of sketches over kernel and pass-through: %.2f%n",
                report.sketchCost());
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
        frames(out, "kernel, sketches alone", report.kernel());
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
