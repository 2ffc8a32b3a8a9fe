package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.evaluate.Evaluate;
import io.spectrawatch.ops.evaluate.EvaluateOptions;
import io.spectrawatch.spectral.evaluate.EvaluationReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: measures the detectors on the user's own clean and attacked inputs. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Fits the detectors on clean inputs of a model and measures them, and every"
                        + " published score, on other clean and on attacked inputs.")
final class EvaluateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "ONNX model.")
    private Path model;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            required = true,
            description =
                    "Clean inputs (.npy or .npz, first dimension counts them) to fit and calibrate"
                            + " on, at least 600; repeatable.")
    private List<Path> reference = new ArrayList<>();

    @Option(
            names = "--clean",
            paramLabel = "FILE",
            required = true,
            description = "Other clean inputs, at least 100.")
    private Path clean;

    @Option(
            names = "--attacked",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Attacked inputs, one column each; repeatable.")
    private List<Path> attacked = new ArrayList<>();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "True classes of the reference or of the clean inputs (told apart by their"
                            + " number); wrong answers are left out.")
    private Path labels;

    @Option(
            names = "--layers",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Tensors to look at, in the order of the model, the embedding last (default:"
                            + " the other outputs, else up to four nonlinearities).")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--logits",
            paramLabel = "NAME",
            description = "Tensor with the logits (default: the output 'logits', or the only one).")
    private String logits;

    @Option(
            names = "--pool",
            description = "Average feature maps over their positions instead of flattening them.")
    private boolean pool;

    @Option(
            names = "--coordinates",
            paramLabel = "N",
            defaultValue = "128",
            description = "Directions kept of each layer (default: ${DEFAULT-VALUE}).")
    private int coordinates;

    @Mixin private JsonOption json;

    @Override
    public Integer call() throws Exception {
        if (coordinates < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--coordinates must be at least 1, found " + coordinates);
        }
        EvaluationReport report =
                new Evaluate(
                                new EvaluateOptions(
                                        model,
                                        reference,
                                        clean,
                                        attacked,
                                        labels,
                                        layers,
                                        logits,
                                        pool,
                                        coordinates))
                        .run();
        PrintWriter out = spec.commandLine().getOut();
        Evaluate.print(report, json.takesStandardOutput() ? spec.commandLine().getErr() : out);
        json.write(Evaluate.json(report), out);
        return 0;
    }
}
