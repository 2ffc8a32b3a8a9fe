package io.spectrawatch.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.TimeArgument;
import io.spectrawatch.ops.cli.screen.Ink;
import io.spectrawatch.ops.cli.screen.SketchScreen;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.ops.show.SketchHistory;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sketch show}: the spectrum of a layer. */
@Command(
        name = "sketch",
        mixinStandardHelpOptions = true,
        description = "Shows what the layers of a model hold.")
final class SketchCommand implements Runnable {

    private static final long MICROS_PER_MILLI = 1000;
    private static final int MOST_PANES = 1_000;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: show");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Draws the newest spectrum of a layer with its certified band, and its"
                            + " descriptors over the last panes; without a layer, a line for each.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  spectrawatch sketch show gpt --bootstrap-server b:9092",
                "  spectrawatch sketch show gpt h.11 --bootstrap-server b:9092 --panes 24"
            })
    int show(
            @Parameters(index = "0", paramLabel = "MODEL", description = "The model.") String model,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "LAYER",
                            description = "One of its layers.")
                    String layer,
            @Option(
                            names = "--model-version",
                            paramLabel = "VERSION",
                            description = "Of this version only.")
                    String version,
            @Option(
                            names = "--segment",
                            paramLabel = "ATTRIBUTE=VALUE",
                            description = "Of this segment, instead of all other traffic.")
                    String segment,
            @Option(
                            names = "--panes",
                            defaultValue = "12",
                            paramLabel = "N",
                            description = "Panes to look back at (default: ${DEFAULT-VALUE}).")
                    int panes,
            @Option(
                            names = "--since",
                            defaultValue = "24h",
                            paramLabel = "TIME",
                            description =
                                    "Read from then on: 2026-01-31T12:00:00Z, or how long ago"
                                            + " (default: ${DEFAULT-VALUE}).")
                    String since,
            @Mixin KafkaOptions kafka,
            @Mixin JsonOption json)
            throws Exception {
        if (panes < 1 || panes > MOST_PANES) {
            throw new ParameterException(
                    spec.commandLine(), "--panes must be 1 to " + MOST_PANES + ", found " + panes);
        }
        long now = System.currentTimeMillis();
        long from =
                TimeArgument.moment(spec, "--since", since, now * MICROS_PER_MILLI)
                        / MICROS_PER_MILLI;
        kafka.connect().close();
        SketchHistory history =
                SketchHistory.read(
                        kafka.clientProperties(),
                        kafka.topicPrefix(),
                        new SketchHistory.Wish(
                                model, version, layer, segment, panes, Math.max(0, from)));
        print(history, layer, json);
        json.write(tree(history), spec.commandLine().getOut());
        return 0;
    }

    private void print(SketchHistory history, String layer, JsonOption json) {
        PrintWriter out = json.forPeople(spec.commandLine());
        Ink ink = Ansi.AUTO.enabled() && !json.takesStandardOutput() ? Ink.COLOURS : Ink.NONE;
        SketchScreen screen = new SketchScreen(out, ink);
        if (layer == null) {
            screen.table(history);
        } else {
            history.layers().forEach(screen::layer);
        }
    }

    private static ArrayNode tree(SketchHistory history) {
        RecordJson records = new RecordJson(false);
        ArrayNode layers = JsonNodeFactory.instance.arrayNode();
        history.layers()
                .forEach(
                        panes -> {
                            ArrayNode node = layers.addArray();
                            panes.forEach(pane -> node.add(records.tree(pane)));
                        });
        return layers;
    }
}
