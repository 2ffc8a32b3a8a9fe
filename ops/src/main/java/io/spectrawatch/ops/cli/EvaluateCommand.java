package io.spectrawatch.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.evaluate.Evaluate;
import io.spectrawatch.ops.evaluate.EvaluateOptions;
import io.spectrawatch.ops.evaluate.EvaluationReport;
import io.spectrawatch.ops.evaluate.RecordedEvaluation;
import io.spectrawatch.ops.evaluate.RecordedOptions;
import io.spectrawatch.ops.evaluate.RecordedReport;
import io.spectrawatch.ops.evaluate.ReportOptions;
import io.spectrawatch.ops.evaluate.Selection;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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

    private static final int COORDINATES = 128;

    @Spec private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", description = "ONNX model.")
    private Path model;

    @ArgGroup(exclusive = false, heading = "Kafka:%n")
    private KafkaOptions kafka;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description =
                    "Evaluate on recorded snapshots instead of a model: 'validated', 'activations' or"
                            + " the full name of a topic. --reference, --clean and --attacked then"
                            + " select samples: [NAME=][FROM..TO][,id:PREFIX or ,client:CLIENT], by"
                            + " the log's time, such as"
                            + " 2026-03-01T12:00:00Z..2026-03-01T18:00:00Z,id:red-team-.")
    private String topic;

    @Option(
            names = "--model-id",
            paramLabel = "MODEL",
            description =
                    "With --topic: the model, as its snapshots call it (default: the only one).")
    private String modelId;

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            description = "With --topic: its version (default: the only one).")
    private String modelVersion;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            required = true,
            description =
                    "Clean inputs (.npy or .npz, first dimension counts them) to fit and calibrate"
                            + " on, at least 600; repeatable.")
    private List<String> reference = new ArrayList<>();

    @Option(
            names = "--clean",
            paramLabel = "FILE",
            required = true,
            description = "Other clean inputs, at least 100.")
    private String clean;

    @Option(
            names = "--attacked",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Attacked inputs, one column each; repeatable.")
    private List<String> attacked = new ArrayList<>();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "True classes of the reference or of the clean inputs (told apart by their"
                            + " number, so not where both have as many); wrong answers are left"
                            + " out.")
    private Path labels;

    @Option(
            names = "--reference-labels",
            paramLabel = "FILE",
            description = "True classes of the reference; wrong answers are left out.")
    private Path referenceLabels;

    @Option(
            names = "--clean-labels",
            paramLabel = "FILE",
            description = "True classes of the clean inputs; wrong answers are left out.")
    private Path cleanLabels;

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
            description = "Directions kept of each layer (default: 128; 32 where rows are tokens).")
    private Integer coordinates;

    @Option(
            names = "--basis",
            paramLabel = "FILE",
            description =
                    "Take the model's input in this basis, as capture --basis publishes it, instead"
                            + " of its values; 'basis' makes one.")
    private Path basis;

    @Option(
            names = "--evidence-layers",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Tensors among --layers whose rows are held against the model's answers by"
                            + " models of their own (default: the input, if it is among them; 'none':"
                            + " one sum over all scores instead).")
    private List<String> evidenceLayers = new ArrayList<>();

    @Option(
            names = "--level",
            paramLabel = "P",
            description = "p-value up to which a sample is flagged; repeatable (default: 0.01).")
    private List<Double> levels = new ArrayList<>();

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description =
                    "Write every sample's scores, p, combined statistic, kind and class as"
                            + " comma-separated values.")
    private Path scores;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description =
                    "Write a page with what is found of each attack over the share of clean samples"
                            + " flagged.")
    private Path html;

    @Option(
            names = "--leave-one-attack-out",
            description =
                    "Show each attack with everything chosen without it: of the detector nothing is"
                            + " chosen by attacks, so beside it the single score that is best on the"
                            + " others. Needs two attacks.")
    private boolean leaveOneOut;

    @Mixin private JsonOption json;

    @Override
    public Integer call() throws Exception {
        if (coordinates != null && coordinates < 1) {
            throw usage("--coordinates must be at least 1, found " + coordinates);
        }
        if (leaveOneOut && attacked.size() < 2) {
            throw usage("--leave-one-attack-out needs two of --attacked, found one");
        }
        return topic == null ? onFiles() : onTopic();
    }

    private int onFiles() throws Exception {
        if (model == null) {
            throw usage("Missing required option: '--model=FILE', or '--topic=NAME'");
        }
        if (kafka != null || modelId != null || modelVersion != null) {
            throw usage("Kafka's options, --model-id and --model-version need --topic");
        }
        if (labels != null && (referenceLabels != null || cleanLabels != null)) {
            throw usage("--labels or --reference-labels and --clean-labels, not both");
        }
        EvaluationReport report =
                new Evaluate(
                                new EvaluateOptions(
                                        model,
                                        reference.stream().map(Path::of).toList(),
                                        Path.of(clean),
                                        attacked.stream().map(Path::of).toList(),
                                        labels,
                                        referenceLabels,
                                        cleanLabels,
                                        layers,
                                        logits,
                                        pool,
                                        coordinates == null ? COORDINATES : coordinates,
                                        basis,
                                        report()))
                        .run();
        Evaluate.print(report, table());
        json.write(shown(report, Evaluate.json(report)), spec.commandLine().getOut());
        return 0;
    }

    private int onTopic() throws Exception {
        if (kafka == null) {
            throw usage("Missing required option: '--bootstrap-server=HOST:PORT,...'");
        }
        if (model != null
                || labels != null
                || referenceLabels != null
                || cleanLabels != null
                || basis != null
                || pool) {
            throw usage(
                    "--model, labels, --basis and --pool are for inputs in files, not for --topic");
        }
        RecordedOptions options =
                new RecordedOptions(
                        kafka.clientProperties(),
                        topicName(),
                        modelId,
                        modelVersion,
                        reference.stream().map(text -> selection("--reference", text)).toList(),
                        selection("--clean", clean),
                        attacked.stream().map(text -> selection("--attacked", text)).toList(),
                        layers,
                        logits,
                        coordinates == null ? 0 : coordinates,
                        report());
        kafka.connect().close();
        RecordedReport report = new RecordedEvaluation(options).run();
        RecordedEvaluation.print(report, table());
        json.write(
                shown(report.report(), RecordedEvaluation.json(report)),
                spec.commandLine().getOut());
        return 0;
    }

    /** What was asked for beside the table. */
    private JsonNode shown(EvaluationReport report, JsonNode node) throws IOException {
        if (leaveOneOut) {
            Evaluate.printLeaveOneOut(report, table());
            ((ObjectNode) node).set("leaveOneAttackOut", Evaluate.leaveOneOut(report));
        }
        if (html != null) {
            Evaluate.page(report, html);
        }
        return node;
    }

    private ReportOptions report() {
        try {
            return new ReportOptions(
                    evidenceLayers,
                    levels.isEmpty() ? ReportOptions.defaults().levels() : levels,
                    scores);
        } catch (IllegalArgumentException e) {
            throw usage("--" + e.getMessage());
        }
    }

    private String topicName() {
        for (Topics each : List.of(Topics.VALIDATED, Topics.ACTIVATIONS)) {
            if (each.topicName("").equals(topic)) {
                return each.topicName(kafka.topicPrefix());
            }
        }
        return topic;
    }

    private Selection selection(String option, String text) {
        try {
            return Selection.parse(option, text);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private PrintWriter table() {
        return json.forPeople(spec.commandLine());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
