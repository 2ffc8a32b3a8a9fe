package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ops.bench.pipeline.PipelineOptions;
import io.spectrawatch.spectral.tensor.ElementType;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What benchmarks of the pipeline send, and how it runs. */
public final class PipelineSizes {

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

    @Option(
            names = "--log-form",
            defaultValue = "VERDICTS",
            description =
                    "What the log holds for an accepted snapshot: COPIES, or VERDICTS that lead to it"
                            + " (default: VERDICTS).")
    private LogForm logForm;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the rows (default: 1).")
    private long seed;

    /**
     * What they say together.
     *
     * @throws ParameterException if they do not fit
     */
    public PipelineOptions options(CommandLine command) {
        return checked(command, this::read);
    }

    /**
     * The same for a benchmark that calibrates a baseline.
     *
     * @throws ParameterException if they do not fit, or the heap has no room for the calibration
     */
    public PipelineOptions calibrated(CommandLine command) {
        return checked(command, () -> read().calibrated());
    }

    private static PipelineOptions checked(CommandLine command, Supplier<PipelineOptions> options) {
        try {
            return options.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }

    private PipelineOptions read() {
        return new PipelineOptions(
                columns,
                layers,
                rowsPerSnapshot,
                rowsPerSample,
                snapshots,
                elementType,
                shards,
                parallelism,
                logForm,
                1,
                seed);
    }
}
