package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.baseline.ActivationReport;
import io.spectrawatch.ops.baseline.ActivationWish;
import io.spectrawatch.ops.baseline.BaselineAdmin;
import io.spectrawatch.ops.baseline.BaselineDetail;
import io.spectrawatch.ops.baseline.BaselineList;
import io.spectrawatch.ops.cli.option.ActivationOptions;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.screen.BaselineScreen;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.schemas.Segment;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline}: what models are judged by. */
@Command(
        name = "baseline",
        mixinStandardHelpOptions = true,
        description = "Lists and shows baselines; decides what models are judged by, and when.")
final class BaselineCommand implements Runnable {

    private static final long MICROS_PER_MILLI = 1000;
    private static final String SEGMENT = "ATTRIBUTE=VALUE";

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing required subcommand: list, show, activate, deactivate or rollback");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the published baselines and which are active.")
    int list(@Mixin KafkaOptions kafka, @Mixin JsonOption json) throws Exception {
        BaselineList list = admin(kafka).list();
        BaselineScreen.print(list, progress(json));
        json.write(list, spec.commandLine().getOut());
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows a baseline and the activations of its model; exit code 1 when its"
                            + " pieces do not have its id as their hash.")
    int show(
            @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.")
                    String id,
            @Mixin KafkaOptions kafka,
            @Mixin JsonOption json)
            throws Exception {
        BaselineDetail detail = admin(kafka).show(id);
        BaselineScreen.print(detail, progress(json));
        json.write(detail, spec.commandLine().getOut());
        return detail.damage() == null ? 0 : ExitCodes.FAILED;
    }

    @Command(
            name = "activate",
            mixinStandardHelpOptions = true,
            description =
                    "Judges what a baseline was calibrated on by it from a coming pane on: its"
                            + " model, or a segment of it.")
    int activate(
            @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.")
                    String id,
            @Option(
                            names = "--segment",
                            paramLabel = SEGMENT,
                            description =
                                    "Judges these samples by it (default: those it was calibrated"
                                            + " on).")
                    String segment,
            @Option(
                            names = "--all-traffic",
                            description =
                                    "Judges by the baseline of a segment all samples that no"
                                            + " segment's baseline judges.")
                    boolean allTraffic,
            @Mixin KafkaOptions kafka,
            @Mixin ActivationOptions options,
            @Mixin JsonOption json)
            throws Exception {
        if (segment != null && allTraffic) {
            throw new ParameterException(
                    spec.commandLine(), "--segment and --all-traffic exclude each other");
        }
        checked(segment);
        ActivationWish wish = options.wish(spec);
        BaselineAdmin admin = writing(kafka);
        return report(
                segment == null && !allTraffic
                        ? admin.activate(id, wish)
                        : admin.activate(id, segment, wish),
                json);
    }

    @Command(
            name = "deactivate",
            mixinStandardHelpOptions = true,
            description =
                    "Judges a model by no baseline from a coming pane on, or a segment of it as the"
                            + " rest of it is.")
    int deactivate(
            @Mixin ModelOptions model,
            @Mixin KafkaOptions kafka,
            @Mixin ActivationOptions options,
            @Mixin JsonOption json)
            throws Exception {
        ActivationWish wish = options.wish(spec);
        return report(
                writing(kafka).deactivate(model.id, model.version, checked(model.segment), wish),
                json);
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Judges a model from a coming pane on by what judged it before its last"
                            + " activation; a second rollback undoes the first.")
    int rollback(
            @Mixin ModelOptions model,
            @Mixin KafkaOptions kafka,
            @Mixin ActivationOptions options,
            @Mixin JsonOption json)
            throws Exception {
        ActivationWish wish = options.wish(spec);
        return report(
                writing(kafka).rollback(model.id, model.version, checked(model.segment), wish),
                json);
    }

    /** A segment of a known form, or null. */
    private String checked(String segment) {
        if (segment != null && Segment.find(segment) == null) {
            throw new ParameterException(
                    spec.commandLine(), "--segment must be " + Segment.FORM + ", found " + segment);
        }
        return segment;
    }

    private int report(ActivationReport report, JsonOption json) throws IOException {
        BaselineScreen.print(report, progress(json));
        json.write(report, spec.commandLine().getOut());
        return 0;
    }

    private PrintWriter progress(JsonOption json) {
        return json.forPeople(spec.commandLine());
    }

    private static BaselineAdmin writing(KafkaOptions kafka) throws IOException {
        kafka.connect(Role.OPERATOR).close();
        return admin(kafka);
    }

    private static BaselineAdmin admin(KafkaOptions kafka) throws IOException {
        kafka.connect().close();
        return new BaselineAdmin(
                kafka.clientProperties(),
                kafka.topicPrefix(),
                () -> System.currentTimeMillis() * MICROS_PER_MILLI);
    }

    /** Which model version a request concerns. */
    static final class ModelOptions {

        @Option(
                names = "--model-id",
                required = true,
                description = "The model, as its snapshots call it.")
        private String id;

        @Option(
                names = "--model-version",
                defaultValue = "1",
                description = "Its version (default: ${DEFAULT-VALUE}).")
        private String version;

        @Option(
                names = "--segment",
                paramLabel = SEGMENT,
                description = "A segment of it (default: the model itself).")
        private String segment;
    }
}
