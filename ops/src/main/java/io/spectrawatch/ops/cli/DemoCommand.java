package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.screen.AuditScreen;
import io.spectrawatch.ops.demo.attack.AttackDemo;
import io.spectrawatch.ops.demo.attack.AttackReport;
import io.spectrawatch.ops.demo.drift.DriftDemo;
import io.spectrawatch.ops.demo.drift.DriftReport;
import io.spectrawatch.ops.demo.pipeline.DemoReport;
import io.spectrawatch.ops.demo.pipeline.PipelineDemo;
import io.spectrawatch.ops.demo.python.PythonDemo;
import io.spectrawatch.ops.demo.python.PythonReport;
import io.spectrawatch.ops.demo.services.ServicesDemo;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.process.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the whole pipeline on one machine, on a real model. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs broker, ingest, Flink and exporter on this machine and watches a real"
                        + " transformer; exit code 1 if a sketch is off by more than its bound, or,"
                        + " for the others, if something was not found or not named as promised.")
final class DemoCommand implements Callable<Integer> {

    private static final List<String> OF_THE_PIPELINE =
            List.of("--snapshots", "--sentences", "--audit");

    /** What is shown. */
    private enum Scenario {
        /** Sketches of every layer, checked against their rows. */
        PIPELINE,
        /** Calibration, then input and mechanism drift, found and named. */
        DRIFT,
        /** Calibration, then attacks on a classifier, found while they come. */
        ATTACK,
        /** A server in Python that is attacked, in real time. */
        PYTHON,
        /** The services alone, for a client of one's own. */
        SERVICES
    }

    @Spec private CommandSpec spec;

    @Option(
            names = "--scenario",
            defaultValue = "pipeline",
            description =
                    "pipeline: sketches that agree with their rows; drift: calibrate, then change"
                            + " the input and the model; attack: calibrate, then attack a"
                            + " classifier of digits; python: calibrate, then attack a vision"
                            + " transformer that a server in Python runs; services: nothing is sent, for a client of"
                            + " your own"
                            + " (default: ${DEFAULT-VALUE}).")
    private Scenario scenario;

    @Option(
            names = "--snapshots",
            defaultValue = "2000",
            description = "Forward passes to capture (default: ${DEFAULT-VALUE}).")
    private int snapshots;

    @Option(
            names = "--sentences",
            defaultValue = "8",
            description = "Sentences per forward pass (default: ${DEFAULT-VALUE}).")
    private int sentences;

    @Option(
            names = "--exit-when-done",
            description = "End after the last pane instead of serving until Ctrl-C.")
    private boolean exitWhenDone;

    @Mixin private JsonOption json;

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Keep the last scrape of /metrics.")
    private Path metricsFile;

    @Option(
            names = "--metrics-port",
            defaultValue = "9464",
            description = "Port of /metrics, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int metricsPort;

    @Option(
            names = "--web-port",
            defaultValue = "8081",
            description =
                    "Port of Flink's web interface, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int webPort;

    @Option(
            names = "--folder",
            description = "Keep broker data and checkpoints here instead of a temporary folder.")
    private Path folder;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Order of the sentences (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--audit",
            paramLabel = "DIR",
            description = "Audit the whole run before it ends and keep the bundle here.")
    private Path auditBundle;

    @Option(
            names = "--example",
            paramLabel = "DIR",
            description =
                    "Folder of the classifier and its digits, for attack and python (default:"
                            + " ops/examples/mnist of this installation).")
    private Path example;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description =
                    "Interpreter that has torch, fastapi, uvicorn and the tap's dependencies, for"
                            + " python (default: the one that the build has made).")
    private Path python;

    @Override
    public Integer call() throws IOException, CalibrationException, InterruptedException {
        return switch (scenario) {
            case PIPELINE -> pipeline();
            case DRIFT -> drift();
            case ATTACK -> attack();
            case PYTHON -> python();
            case SERVICES -> services();
        };
    }

    private int pipeline() throws IOException, InterruptedException {
        PipelineDemo demo =
                new PipelineDemo(options(), progress(), System.console() != null && !toOutput());
        Thread hook = addHook(demo::stop);
        DemoReport report = demo.run();
        removeHook(hook);
        json.write(report, spec.commandLine().getOut());
        boolean sound =
                report.offlineAgreement() <= 1
                        && (report.audit() == null || report.audit().verdict().passed());
        progress()
                .printf(
                        "%d snapshots, %d rows, %d layers, %d panes, %d sketches; the furthest from"
                                + " its rows by %.3g of its bound%n",
                        report.snapshots(),
                        report.rows(),
                        report.layers(),
                        report.windows(),
                        report.sketches(),
                        report.offlineAgreement());
        if (report.audit() != null) {
            AuditScreen.print(report.audit(), progress());
        }
        return sound ? 0 : ExitCodes.FAILED;
    }

    private int drift() throws IOException, CalibrationException, InterruptedException {
        refuseOptionsOfThePipeline();
        DriftDemo demo = new DriftDemo(options(), progress());
        Thread hook = addHook(demo::stop);
        DriftReport report = demo.run();
        removeHook(hook);
        if (report == null) {
            return ExitCodes.FAILED;
        }
        json.write(report, spec.commandLine().getOut());
        return report.asPromised() ? 0 : ExitCodes.FAILED;
    }

    private int attack() throws IOException, CalibrationException, InterruptedException {
        refuseOptionsOfThePipeline();
        Path folder = example == null ? ExampleFolder.of("mnist") : example;
        AttackDemo demo = new AttackDemo(options(), folder, progress());
        Thread hook = addHook(demo::stop);
        AttackReport report = demo.run();
        removeHook(hook);
        if (report == null) {
            return ExitCodes.FAILED;
        }
        json.write(report, spec.commandLine().getOut());
        return report.asPromised() ? 0 : ExitCodes.FAILED;
    }

    private int python() throws IOException, CalibrationException, InterruptedException {
        refuseOptionsOfThePipeline();
        Path digits = example == null ? ExampleFolder.of("mnist") : example;
        Path server = ExampleFolder.of("python");
        PythonDemo demo = new PythonDemo(options(), digits, server, python, progress());
        Thread hook = addHook(demo::stop);
        PythonReport report = demo.run();
        removeHook(hook);
        if (report == null) {
            return ExitCodes.FAILED;
        }
        json.write(report, spec.commandLine().getOut());
        return report.asPromised() ? 0 : ExitCodes.FAILED;
    }

    private int services() throws IOException, InterruptedException {
        refuseOptionsOfThePipeline();
        ServicesDemo demo = new ServicesDemo(options(), progress());
        Thread hook = addHook(demo::stop);
        demo.run();
        removeHook(hook);
        return 0;
    }

    private void refuseOptionsOfThePipeline() {
        for (String option : OF_THE_PIPELINE) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option
                                + " belongs to the scenario pipeline, the others have their own phases");
            }
        }
    }

    private boolean toOutput() {
        return json.takesStandardOutput();
    }

    private PrintWriter progress() {
        return json.forPeople(spec.commandLine());
    }

    private DemoOptions options() {
        try {
            return new DemoOptions(
                    snapshots,
                    sentences,
                    exitWhenDone,
                    folder,
                    metricsPort,
                    webPort,
                    metricsFile,
                    seed,
                    auditBundle);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Ends a demo. */
    private interface Stop {
        void stop() throws InterruptedException;
    }

    private static Thread addHook(Stop demo) {
        Thread hook = new Thread(() -> stop(demo), "demo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    private static void stop(Stop demo) {
        try {
            demo.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already: the hook itself asked the demo to end.
            return;
        }
    }
}
