package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.bench.capture.CaptureBench;
import io.spectrawatch.ops.bench.capture.CaptureReport;
import io.spectrawatch.ops.cli.option.JsonOption;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench capture}: what the tap costs the model that it watches. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description =
                "Requests per second and latency of the built-in transformer on one thread, alone"
                        + " and with the tap at 100 %%, 10 %% and 1 %% of the requests, in turns, with"
                        + " a broker of its own.")
final class CaptureBenchCommand implements Callable<Integer> {

    private static final String ROW = "  %-12s %12s %10s %10s %12s %10s %8s%n";

    @Spec private CommandSpec spec;
    @Mixin private JsonOption json;

    @Option(
            names = "--requests",
            defaultValue = "2000",
            description = "Requests of each variant (default: 2000).")
    private int requests;

    @Override
    public Integer call() throws Exception {
        CaptureReport report;
        try {
            report = CaptureBench.run(requests);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        PrintWriter out = json.forPeople(spec.commandLine());
        out.printf("%,d requests of one text each%n", report.requests());
        out.printf(
                ROW, "captured", "requests/s", "p50 ms", "p99 ms", "throughput", "p99", "dropped");
        line(out, report.bare());
        report.tapped().forEach(each -> line(out, each));
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private static void line(PrintWriter out, CaptureReport.Variant variant) {
        boolean bare = variant.share() == 0;
        out.printf(
                ROW,
                bare ? "no tap" : number("%.0f %%", 100 * variant.share()),
                number("%.1f", variant.requestsPerSecond()),
                number("%.2f", variant.p50Millis()),
                number("%.2f", variant.p99Millis()),
                bare ? "" : number("%+.1f %%", -100 * variant.throughputLoss()),
                bare ? "" : number("%+.1f %%", 100 * variant.p99Gain()),
                variant.dropped());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
