package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.bench.CertificateBench;
import io.spectrawatch.ops.bench.KernelBench;
import io.spectrawatch.ops.bench.KernelBenchOptions;
import io.spectrawatch.ops.bench.KernelBenchReport;
import io.spectrawatch.ops.bench.QualityOptions;
import io.spectrawatch.ops.bench.QualityReport;
import io.spectrawatch.ops.bench.QualityRow;
import io.spectrawatch.ops.bench.ScoringBench;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.tensor.ElementType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: measures this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine, to size a deployment.",
        subcommands = {
            FalseAlarmCommand.class,
            AlarmDelayCommand.class,
            PipelineBenchCommand.class,
            LatencyBenchCommand.class,
            ScaleBenchCommand.class,
            CheckpointBenchCommand.class,
            CaptureBenchCommand.class
        })
final class BenchCommand implements Runnable {

    private static final long SEED = 1;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing required subcommand: kernel, quality, pipeline, latency, scale,"
                        + " capture, false-alarms or alarm-delay");
    }

    @Command(
            name = "kernel",
            mixinStandardHelpOptions = true,
            description =
                    "Rows per second of the sketch against the machine's own matrix product and"
                            + " against the algorithms it replaces, on the same rows.")
    int kernel(
            @Option(
                            names = "--d",
                            paramLabel = "N",
                            required = true,
                            description = "Columns of a row.")
                    int d,
            @Option(
                            names = "--sketch-rows",
                            paramLabel = "N",
                            defaultValue = "64",
                            description = "Rows of the sketch (default: 64).")
                    int sketchRows,
            @Option(
                            names = "--block-rows",
                            paramLabel = "N",
                            defaultValue = "64",
                            description = "Rows per update (default: 64).")
                    int blockRows,
            @Option(
                            names = "--rows",
                            paramLabel = "N",
                            defaultValue = "100000",
                            description = "Rows to sketch (default: 100000).")
                    long rows,
            @Option(
                            names = "--threads",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "Threads; kernels run on 1 (default: 1).")
                    int threads,
            @Option(
                            names = "--provider",
                            paramLabel = "NAME",
                            defaultValue = "HOST",
                            description = "Kernels: AUTO, HOST, ONNX_CPU or CUDA (default: HOST).")
                    KernelChoice provider,
            @Option(
                            names = "--element-type",
                            paramLabel = "TYPE",
                            defaultValue = "FLOAT32",
                            description = "FLOAT32, FLOAT16 or BFLOAT16 (default: FLOAT32).")
                    ElementType type,
            @Option(
                            names = "--rounding",
                            paramLabel = "SHARE",
                            defaultValue = "1e-5",
                            description =
                                    "Share of the energy that fp32 products of an exact moment"
                                            + " may round by; 0 for fp64 (default: 1e-5, as"
                                            + " sketch.exact.rounding).")
                    double rounding,
            @Option(names = "--no-peers", description = "Leave the other algorithms out.")
                    boolean noPeers,
            @Option(
                            names = "--scoring",
                            description =
                                    "Also score samples and tokens of seven such layers with a"
                                            + " detector, as the monitor does.")
                    boolean scoring,
            @Option(
                            names = "--certificates",
                            paramLabel = "K",
                            description =
                                    "Also sketch a chain of seven such layers with and without"
                                            + " certificates in windows of K directions.")
                    Integer certificates,
            @Mixin JsonOption json)
            throws IOException {
        KernelBenchOptions options;
        CertificateBench certificateBench = null;
        try {
            options =
                    new KernelBenchOptions(
                            d,
                            rows,
                            SketchOptions.defaults()
                                    .withSketchRows(sketchRows)
                                    .withBlockRows(blockRows)
                                    .withRounding(rounding),
                            type,
                            provider,
                            threads,
                            !noPeers,
                            SEED);
            if (certificates != null) {
                certificateBench = new CertificateBench(options, certificates);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        KernelBenchReport report = KernelBench.run(options);
        if (scoring) {
            report = ScoringBench.measure(options, report);
        }
        if (certificateBench != null) {
            report = certificateBench.measure(report);
        }
        PrintWriter out = json.forPeople(spec.commandLine());
        print(report, out);
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    @Command(
            name = "quality",
            mixinStandardHelpOptions = true,
            description =
                    "Error against size against spectrum, measured and certified, for the sketch"
                            + " and its peers: a table and a plot.")
    int quality(
            @Option(
                            names = "--folder",
                            paramLabel = "FOLDER",
                            defaultValue = "target",
                            description = "Where they go (default: target).")
                    Path folder,
            @Option(
                            names = "--npy",
                            paramLabel = "FILE",
                            description =
                                    "Also measure the rows of this NumPy file, a matrix: one row"
                                            + " per sample or token.")
                    Path npy,
            @Mixin JsonOption json)
            throws IOException {
        Files.createDirectories(folder);
        QualityOptions options = QualityOptions.into(folder);
        if (npy != null) {
            options = options.withMeasured(npy.getFileName().toString(), NpyFile.read(npy));
        }
        QualityReport report;
        try {
            report = QualityReport.run(options);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        PrintWriter out = json.forPeople(spec.commandLine());
        out.printf(
                "%d measurements in %s and %s%n",
                report.rows().size(), report.table(), report.plot());
        ranks(report, out);
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    /** What is known of the effective rank, per stream, for different splits of the memory. */
    private static void ranks(QualityReport report, PrintWriter out) {
        String stream = null;
        for (QualityRow row : report.rows()) {
            if (!row.isOfSplit()) {
                continue;
            }
            if (!row.stream().equals(stream)) {
                stream = row.stream();
                out.printf(
                        "%s, four shards merged: effective rank %.1f; widths over that of l = 64,"
                                + " blocks of 64, by the ledger's delta alone%n",
                        stream, row.rank().truth());
            }
            out.printf(
                    "  %,6.0f bytes a column, l = %3d, blocks of %3d, %2d probes: certain"
                            + " [%.1f, %.1f], %.0f %%; with 95 %% [%.1f, %.1f], %.0f %%%n",
                    row.bytesPerColumn(),
                    row.sketchRows(),
                    row.blockRows(),
                    row.probes(),
                    row.rank().lower(),
                    row.rank().upper(),
                    100 * row.rank().widthRatio(),
                    row.rank().lower95(),
                    row.rank().upper95(),
                    100 * row.rank().widthRatio95());
        }
    }

    private static void print(KernelBenchReport report, PrintWriter out) {
        out.printf(
                "%s on %s (%s), d = %d, l = %d, blocks of %d, %d rows%n",
                report.kind(),
                report.provider(),
                report.coreName(),
                report.dimension(),
                report.sketchRows(),
                report.blockRows(),
                report.rows());
        out.printf("%,14.0f rows/s%n", report.rowsPerSecond());
        out.printf("%13.1f %% of the time in the eigenproblem%n", 100 * report.eigenShare());
        out.printf(
                "%14.1f GFLOP/s fp64 matrix product, %.1f fp32; the update reaches %.0f %% of fp64%n",
                report.gemmFp64Gflops(), report.gemmFp32Gflops(), 100 * report.achievedFraction());
        if (report.symmetricProductRowsPerSecond() > 0) {
            out.printf(
                    "%,14.0f rows/s of the bare moment product: %.2f of it%n",
                    report.symmetricProductRowsPerSecond(), report.symmetricProductFraction());
        }
        out.printf(
                "%14.3g error measured, %.3g certified, %.3g of it rounding, over the energy%n",
                report.covarianceError(), report.certifiedError(), report.roundoff());
        if (report.overDouble() > 0) {
            out.printf("%14.2f times as fast as with fp64 products%n", report.overDouble());
        }
        peer(out, report, report.stackedSvdRowsPerSecond(), "incremental PCA by stacked SVD");
        peer(out, report, report.rowBufferedRowsPerSecond(), "row-buffered Frequent Directions");
        if (report.scoringRowsPerSecond() > 0) {
            scored(
                    out,
                    "samples",
                    report.scoringRowsPerSecond(),
                    report.scoringCost(),
                    report.scoringBareCost());
            scored(
                    out,
                    "tokens",
                    report.tokenScoringRowsPerSecond(),
                    report.tokenScoringCost(),
                    report.tokenScoringBareCost());
            scored(
                    out,
                    "samples with their input",
                    report.inputScoringRowsPerSecond(),
                    report.inputScoringCost(),
                    report.inputScoringBareCost());
        }
        if (report.certificateRowsPerSecond() > 0) {
            out.printf(
                    "%,14.0f rows/s of a layer with certificates: %.1f %% added to sketching them%n",
                    report.certificateRowsPerSecond(), 100 * report.certificateCost());
        }
    }

    private static void scored(
            PrintWriter out, String rows, double rowsPerSecond, double cost, double bare) {
        out.printf(
                "%,14.0f %s/s scored on seven layers: %.0f %% of the time to sketch them, %.0f %%"
                        + " without gain profile and clients%n",
                rowsPerSecond, rows, 100 * cost, 100 * bare);
    }

    private static void peer(
            PrintWriter out, KernelBenchReport report, double rowsPerSecond, String name) {
        if (rowsPerSecond > 0) {
            out.printf(
                    "%,14.0f rows/s by %s: %.1f times slower%n",
                    rowsPerSecond, name, report.rowsPerSecond() / rowsPerSecond);
        }
    }
}
