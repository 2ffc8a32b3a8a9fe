package io.spectrawatch.ops.cli;

import io.spectrawatch.flink.weights.HeadPublisher;
import io.spectrawatch.flink.weights.KafkaHeads;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.ModelEntry;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code models}: the heads that calibrations fit with. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Lists the heads that calibrate --model-file published, and removes them.")
final class ModelsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: list or remove");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the published heads.")
    int list(@Mixin KafkaOptions kafka) throws Exception {
        kafka.connect().close();
        Map<String, ModelEntry> entries =
                KafkaHeads.entries(kafka.clientProperties(), kafka.topicPrefix());
        for (ModelEntry entry : entries.values()) {
            spec.commandLine()
                    .getOut()
                    .println(
                            Printable.text(
                                    String.format(
                                            "%s version %s  model %s  head %s  %,d bytes",
                                            entry.getModelId(),
                                            entry.getModelVersion(),
                                            entry.getModelDigest(),
                                            entry.getDigest(),
                                            entry.getBytes())));
        }
        return 0;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description =
                    "Takes a published head back; baselines fitted with it stay as they are, later"
                            + " calibrations do without until --model-file publishes another.")
    int remove(
            @Option(
                            names = {"--model", "--model-id"},
                            paramLabel = "MODEL",
                            required = true,
                            description = "The model, as its snapshots call it.")
                    String model,
            @Option(
                            names = "--model-version",
                            paramLabel = "VERSION",
                            required = true,
                            description = "Its version.")
                    String version,
            @Mixin KafkaOptions kafka)
            throws Exception {
        kafka.connect(Role.OPERATOR).close();
        Optional<ModelEntry> removed =
                HeadPublisher.remove(model, version, kafka.clientProperties(), kafka.topicPrefix());
        if (removed.isEmpty()) {
            throw new IOException(
                    "no head of "
                            + model
                            + " version "
                            + version
                            + " is published; models list"
                            + " shows those that are");
        }
        spec.commandLine().getOut().println("removed the head " + removed.get().getDigest());
        return 0;
    }
}
