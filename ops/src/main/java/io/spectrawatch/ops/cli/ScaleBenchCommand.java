package io.spectrawatch.ops.cli;

import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ops.bench.pipeline.PipelineOptions;
import io.spectrawatch.ops.bench.pipeline.ScaleBench;
import io.spectrawatch.ops.bench.pipeline.ScaleOptions;
import io.spectrawatch.ops.bench.pipeline.ScaleReport;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.spectral.tensor.ElementType;
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

/** {@code bench scale}: whether a row costs the same however many layers, shards, models. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description =
                "Processor time of ingest and monitor per row of a layer while layers, shards or"
                        + " models grow, each run over the same number of rows on a broker of its"
                        + " own.")
final class ScaleBenchCommand implements Callable<Integer> {

    private static final String ROW = "  %6s %-7s %10s %10s %12s %12s %10s %10s %8s%n";
    private static final long SEED = 1;

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;

    @Option(
            names = "--layers",
            split = ",",
            defaultValue = "7,70,700",
            description = "Layers of a snapshot (default: 7,70,700).")
    private List<Integer> layers;

    @Option(
            names = "--shards",
            split = ",",
            defaultValue = "4,1,2,8",
            description = "Partitions of the log (default: 4,1,2,8).")
    private List<Integer> shards;

    @Option(
            names = "--models",
            split = ",",
            defaultValue = "1,10,100",
            description = "Models that send (default: 1,10,100).")
    private List<Integer> models;

    @Option(
            names = "--rows",
            defaultValue = "2000000",
            description = "Rows of a layer in each run, over all layers (default: 2000000).")
    private long rows;

    @Option(
            names = "--columns",
            defaultValue = "64",
            description = "Columns of a row (default: 64).")
    private int columns;

    @Option(
            names = "--rows-per-snapshot",
            defaultValue = "32",
            description = "Rows of each layer in a snapshot, all of one sample (default: 32).")
    private int rowsPerSnapshot;

    @Option(
            names = "--parallelism",
            defaultValue = "2",
            description = "Threads of ingest, and subtasks of the job (default: 2).")
    private int parallelism;

    @Override
    public Integer call() throws Exception {
        ScaleReport report;
        try {
            PipelineOptions base =
                    new PipelineOptions(
                            columns,
                            layers.get(0),
                            rowsPerSnapshot,
                            rowsPerSnapshot,
                            1,
                            ElementType.FLOAT32,
                            shards.get(0),
                            parallelism,
                            LogForm.VERDICTS,
                            models.get(0),
                            SEED);
            report =
                    ScaleBench.run(
                            new ScaleOptions(layers, shards, models, rows),
                            base,
                            json.progress(spec.commandLine()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        print(report, json.forPeople(spec.commandLine()));
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private static void print(ScaleReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d columns, %d rows of a layer in a snapshot; processor time per million rows of a"
                        + " layer%n",
                report.columns(),
                report.rowsPerSnapshot());
        out.printf(
                ROW,
                "",
                "",
                "snapshots",
                "sketches",
                "ingest",
                "monitor",
                "ingest, s",
                "monitor, s",
                "over");
        out.printf(ROW, "", "", "", "", "rows/s", "rows/s", "", "", "first");
        for (ScaleReport.Run run : report.runs()) {
            out.printf(
                    ROW,
                    run.number(),
                    run.varied(),
                    number("%,.0f", run.snapshots()),
                    number("%,.0f", run.sketches()),
                    number("%,.0f", run.ingest().rowsPerSecond()),
                    number("%,.0f", run.sketch().rowsPerSecond()),
                    number("%.2f", run.ingest().cpuSecondsPerMillionRows()),
                    number("%.2f", run.sketch().cpuSecondsPerMillionRows()),
                    number("%.2f", run.overFirst()));
        }
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
