package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.calibrate.CalibrationResult;
import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CertificateDefinition;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import io.spectrawatch.ops.calibrate.CalibrationRun;
import io.spectrawatch.ops.calibrate.HeadFile;
import io.spectrawatch.ops.cli.option.ActivationOptions;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.ServiceOptions;
import io.spectrawatch.ops.cli.screen.CalibrationScreen;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code calibrate}: from a trusted range of the log to what a model is judged by. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description =
                "Freezes a baseline from a trusted range of the validated log and publishes it; exit"
                        + " code 1 if no interface can be certified and no detector fitted.")
final class CalibrateCommand implements Callable<Integer> {

    private static final long MICROS_PER_MILLI = 1000;

    @Spec private CommandSpec spec;

    @Mixin private ServiceOptions service;

    @Mixin private ActivationOptions activation;

    @Mixin private JsonOption json;

    @Option(
            names = {"--model", "--model-id"},
            paramLabel = "MODEL",
            description = "The model, as its snapshots call it.")
    private String model;

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            description = "Its version (default: the only one in the range).")
    private String version;

    @Option(
            names = "--where",
            paramLabel = "ATTRIBUTE=VALUE",
            description =
                    "Takes only the samples with this value of the attribute: the baseline is that"
                            + " of the segment (default: all samples).")
    private String where;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Start of the range by the log's time, such as 2026-03-01T12:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Its end, exclusive.")
    private String to;

    @Option(
            names = "--from-offsets",
            paramLabel = "SHARD:OFFSET,...",
            description = "Start of the range by offsets, one per shard; instead of times.")
    private String fromOffsets;

    @Option(
            names = "--to-offsets",
            paramLabel = "SHARD:OFFSET,...",
            description = "Its end, exclusive, one per shard.")
    private String toOffsets;

    @Option(
            names = "--window-rank",
            paramLabel = "K",
            description = "Directions of a layer's window (default: 32).")
    private String windowRank;

    @Option(
            names = "--groups",
            paramLabel = "N",
            description = "Equal blocks of output channels (default: 8).")
    private String groups;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Seed of the sample split (default: 1).")
    private String seed;

    @Option(
            names = "--model-file",
            paramLabel = "FILE",
            description =
                    "The model's ONNX file: fits with the weights of its last linear layer, and"
                            + " publishes them to the topic models with the baseline, which adds vim, neco, gradnorm and"
                            + " head-consistency to the scores.")
    private Path modelFile;

    @Option(
            names = "--logits",
            paramLabel = "TENSOR",
            description =
                    "What that layer returns (default: the output called logits, or the only one).")
    private String logits;

    @Option(names = "--dry-run", description = "Calibrate and show, publish nothing.")
    private boolean dryRun;

    @Option(
            names = "--activate",
            description = "Judge the model by the baseline as soon as it is published.")
    private boolean activate;

    @Override
    public Integer call() throws Exception {
        if (service.printConfig()) {
            spec.commandLine().getOut().println(CalibrateConfig.definition().toEnrichedRst());
            return 0;
        }
        if (dryRun && activate) {
            throw new ParameterException(
                    spec.commandLine(), "--dry-run publishes nothing that --activate could use");
        }
        if (logits != null && modelFile == null) {
            throw new ParameterException(spec.commandLine(), "--logits belongs to --model-file");
        }
        ActivationWish wish = activate ? activation.wish(spec) : null;
        Map<String, String> settings = settings();
        HeadFile head = modelFile == null ? null : head(settings);
        new CalibrationRun(settings, service.kafka().clientProperties(), topicPrefix());
        try (Admin admin = service.kafka().connect(Role.OPERATOR)) {
            if (!settings.containsKey(CalibrateDefinition.SHARDS.key())) {
                String validated = Topics.VALIDATED.topicName(topicPrefix());
                int shards = KafkaOptions.partitions(admin, validated);
                settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(shards));
            }
        }
        return calibrate(
                new CalibrationRun(settings, service.kafka().clientProperties(), topicPrefix()),
                head,
                settings,
                wish);
    }

    /** Publishes the head once the calibration has shown that it is that of the snapshots. */
    private void publish(HeadFile head, CalibrationResult result, Map<String, String> settings)
            throws IOException {
        if (result.detector().head() == null) {
            progress().println("the head was not used, and is not published");
            return;
        }
        head.publish(
                settings.get(CalibrateDefinition.MODEL_ID.key()),
                settings.get(CalibrateDefinition.MODEL_VERSION.key()),
                service.kafka().clientProperties(),
                topicPrefix());
        progress().println("published the head " + Printable.text(head.describe()));
    }

    private HeadFile head(Map<String, String> settings) throws IOException {
        if (dryRun) {
            throw new ParameterException(
                    spec.commandLine(), "--dry-run publishes nothing, --model-file does");
        }
        for (String key :
                List.of(
                        CalibrateDefinition.MODEL_ID.key(),
                        CalibrateDefinition.MODEL_VERSION.key())) {
            if (settings.getOrDefault(key, "").isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--model-file needs --model and --model-version: the head is published"
                                + " under them");
            }
        }
        if (!Files.isReadable(modelFile)) {
            throw new ParameterException(spec.commandLine(), "cannot read " + modelFile);
        }
        return HeadFile.read(modelFile, logits);
    }

    private int calibrate(
            CalibrationRun calibration,
            HeadFile head,
            Map<String, String> settings,
            ActivationWish wish)
            throws Exception {
        PrintWriter progress = progress();
        CalibrationResult result =
                calibration.run(
                        head,
                        line -> {
                            progress.println(line);
                            progress.flush();
                        });
        if (head != null && result.accepted()) {
            publish(head, result, settings);
        }
        CalibrationReport report =
                dryRun || !result.accepted()
                        ? calibration.dryRun(result)
                        : calibration.publish(
                                result, wish, () -> System.currentTimeMillis() * MICROS_PER_MILLI);
        CalibrationScreen.print(report, progress);
        json.write(report, spec.commandLine().getOut());
        return result.accepted() ? 0 : ExitCodes.FAILED;
    }

    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = service.settings();
        put(settings, CalibrateDefinition.MODEL_ID.key(), model);
        put(settings, CalibrateDefinition.MODEL_VERSION.key(), version);
        put(settings, CalibrateDefinition.WHERE.key(), where);
        put(settings, CalibrateDefinition.TIME_START.key(), from);
        put(settings, CalibrateDefinition.TIME_END.key(), to);
        put(settings, CalibrateDefinition.OFFSETS_START.key(), fromOffsets);
        put(settings, CalibrateDefinition.OFFSETS_END.key(), toOffsets);
        put(settings, WindowDefinition.WINDOW_RANK.key(), windowRank);
        put(settings, CertificateDefinition.GROUPS.key(), groups);
        put(settings, WindowDefinition.SPLIT_SEED.key(), seed);
        return settings;
    }

    private static void put(Map<String, String> settings, String key, String value) {
        if (value != null) {
            settings.put(key, value);
        }
    }

    private String topicPrefix() {
        return service.kafka().topicPrefix();
    }

    private PrintWriter progress() {
        return json.forPeople(spec.commandLine());
    }
}
