package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.alert.AlertFilter;
import io.spectrawatch.ops.alert.AlertFollower;
import io.spectrawatch.ops.alert.AlertList;
import io.spectrawatch.ops.alert.AlertLog;
import io.spectrawatch.ops.alert.AlertPrecision;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.alert.words.AlertJson;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.cli.option.AlertFilterOptions;
import io.spectrawatch.ops.cli.option.JsonOption;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.NoteOptions;
import io.spectrawatch.ops.cli.option.TimeArgument;
import io.spectrawatch.ops.cli.screen.AlertPage;
import io.spectrawatch.ops.cli.screen.AlertScreen;
import io.spectrawatch.ops.cli.screen.Ink;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code alerts}: what was raised, what lies behind it, and what people say of it. */
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        description = "Shows alerts, and records what people say of them.")
final class AlertsCommand implements Runnable {

    private static final long MICROS_PER_MILLI = 1000;

    /** Pause between looks of follow. */
    private static final long LOOK_MILLIS = 300;

    private static final String ID = "Its id, or the beginning of it.";

    private static final String EXAMPLES = "%nExamples:%n";

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing required subcommand: list, show, follow, ack, mute, feedback or"
                        + " precision");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists alerts that were raised, the newest first.",
            footerHeading = EXAMPLES,
            footer = {
                "  spectrawatch alerts list --bootstrap-server b:9092 --active",
                "  spectrawatch alerts list --bootstrap-server b:9092 --model m --since 24h",
                "  spectrawatch alerts list --bootstrap-server b:9092 --json -"
            })
    int list(
            @Mixin KafkaOptions kafka,
            @Mixin AlertFilterOptions options,
            @Option(names = "--active", description = "Only those that stand.") boolean active,
            @Option(
                            names = "--limit",
                            defaultValue = "50",
                            paramLabel = "N",
                            description = "How many at most (default: ${DEFAULT-VALUE}).")
                    int limit,
            @Mixin JsonOption json)
            throws Exception {
        if (limit < 1 || limit > AlertLog.MOST_ALERTS) {
            throw usage("--limit must be 1 to " + AlertLog.MOST_ALERTS + ", found " + limit);
        }
        AlertFilter filter = options.filter(spec, "90d", active, now());
        AlertList alerts = log(kafka).list(filter, limit);
        screen(json).print(alerts);
        json.write(AlertJson.of(alerts), spec.commandLine().getOut());
        return alerts.unreadable().isEmpty() ? 0 : ExitCodes.FAILED;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows all that is known of an alert: evidence, samples or channels, manifest,"
                            + " notes, and the command that audits it.",
            footerHeading = EXAMPLES,
            footer = {
                "  spectrawatch alerts show 3fa1 --bootstrap-server b:9092",
                "  spectrawatch alerts show 3fa1 --bootstrap-server b:9092 --json alert.json"
            })
    int show(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Mixin KafkaOptions kafka,
            @Mixin JsonOption json)
            throws Exception {
        KnownAlert known = log(kafka).find(id);
        RelatedRecords behind =
                RelatedRecords.of(known.alert(), kafka.clientProperties(), kafka.topicPrefix());
        CommandLines commands = commands(kafka);
        new AlertPage(progress(json), ink(json), commands).print(known, behind);
        json.write(AlertJson.of(known, behind, commands), spec.commandLine().getOut());
        return 0;
    }

    @Command(
            name = "follow",
            mixinStandardHelpOptions = true,
            description =
                    "Shows alerts and notes as they come; with --json a line of JSON for each.",
            footerHeading = EXAMPLES,
            footer = {
                "  spectrawatch alerts follow --bootstrap-server b:9092",
                "  spectrawatch alerts follow --bootstrap-server b:9092 --since 1h --json -"
            })
    int follow(
            @Mixin KafkaOptions kafka,
            @Mixin AlertFilterOptions options,
            @Option(names = "--muted", description = "Muted ones too.") boolean muted,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            description = "End after so many (default: never).")
                    Integer limit,
            @Mixin JsonOption json)
            throws Exception {
        if (limit != null && limit < 1) {
            throw usage("--limit must be at least 1, found " + limit);
        }
        AlertFilter filter = options.filter(spec, null, false, now());
        AlertScreen screen = screen(json);
        long left = limit == null ? Long.MAX_VALUE : limit;
        try (AlertFollower follower = log(kafka).follow(filter)) {
            while (left > 0) {
                AlertFollower.News news = follower.next();
                for (KnownAlert each : news.alerts()) {
                    if (left > 0 && (muted || each.mutedUntil() == null)) {
                        screen.print(each);
                        json.writeLine(AlertJson.of(each), spec.commandLine().getOut());
                        left--;
                    }
                }
                for (AlertNote note : news.notes()) {
                    screen.print(note);
                    json.writeLine(AlertJson.of(note), spec.commandLine().getOut());
                }
                if (news.isEmpty()) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
        }
        return 0;
    }

    @Command(
            name = "ack",
            mixinStandardHelpOptions = true,
            description = "Records that somebody has seen an alert and takes care of it.",
            footerHeading = EXAMPLES,
            footer = "  spectrawatch alerts ack 3fa1 --reason rollout --bootstrap-server b:9092")
    int acknowledge(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Mixin KafkaOptions kafka,
            @Mixin NoteOptions note,
            @Mixin JsonOption json)
            throws Exception {
        return say(id, AlertNoteKind.ACKNOWLEDGED, null, kafka, note, json);
    }

    @Command(
            name = "mute",
            mixinStandardHelpOptions = true,
            description =
                    "Mutes alerts of the same kind about the same layer, interface or client of the"
                            + " same model version for a while: follow passes them over, list says"
                            + " so. They are raised and recorded as ever.",
            footerHeading = EXAMPLES,
            footer = {
                "  spectrawatch alerts mute 3fa1 --for 4h --bootstrap-server b:9092",
                "  spectrawatch alerts mute 3fa1 --end --bootstrap-server b:9092"
            })
    int mute(
            @Parameters(paramLabel = "ID", description = ID) String id,
            @Option(
                            names = "--for",
                            paramLabel = "LENGTH",
                            description = "How long from now on, such as 90m, 24h or 7d.")
                    String length,
            @Option(names = "--end", description = "Not from now on.") boolean end,
            @Mixin KafkaOptions kafka,
            @Mixin NoteOptions note,
            @Mixin JsonOption json)
            throws Exception {
        if (end == (length != null)) {
            throw usage("one of --for and --end expected");
        }
        Long micros = end ? 0L : TimeArgument.length(spec, "--for", length);
        return say(id, AlertNoteKind.MUTED, micros, kafka, note, json);
    }

    /** What an alert turned out to be. */
    enum Verdict {
        TRUE_ALARM(AlertNoteKind.TRUE_ALARM),
        FALSE_ALARM(AlertNoteKind.FALSE_ALARM);

        private final AlertNoteKind kind;

        Verdict(AlertNoteKind kind) {
            this.kind = kind;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Command(
            name = "feedback",
            mixinStandardHelpOptions = true,
            description =
                    "Records what an alert turned out to be; of several verdicts the last counts.",
            footerHeading = EXAMPLES,
            footer = "  spectrawatch alerts feedback 3fa1 false-alarm --bootstrap-server b:9092")
    int feedback(
            @Parameters(index = "0", paramLabel = "ID", description = ID) String id,
            @Parameters(
                            index = "1",
                            paramLabel = "VERDICT",
                            description = "${COMPLETION-CANDIDATES}.")
                    Verdict verdict,
            @Mixin KafkaOptions kafka,
            @Mixin NoteOptions note,
            @Mixin JsonOption json)
            throws Exception {
        return say(id, verdict.kind, null, kafka, note, json);
    }

    @Command(
            name = "precision",
            mixinStandardHelpOptions = true,
            description =
                    "Counts feedback: which share of the judged alerts was true, for each kind,"
                            + " detector and month, with an interval.",
            footerHeading = EXAMPLES,
            footer = "  spectrawatch alerts precision --bootstrap-server b:9092 --since 90d")
    int precision(
            @Mixin KafkaOptions kafka, @Mixin AlertFilterOptions options, @Mixin JsonOption json)
            throws Exception {
        AlertFilter filter = options.filter(spec, null, false, now());
        AlertPrecision precision = log(kafka).precision(filter);
        screen(json).print(precision);
        json.write(precision, spec.commandLine().getOut());
        return 0;
    }

    /**
     * @param muteMicros length of a mute; null for other notes
     */
    private int say(
            String id,
            AlertNoteKind kind,
            Long muteMicros,
            KafkaOptions kafka,
            NoteOptions note,
            JsonOption json)
            throws IOException {
        kafka.connect(Role.RESPONDER).close();
        AlertLog alerts = log(kafka);
        AlertLog.Says says = note.says(spec, now());
        AlertNote written =
                alerts.say(
                        alerts.find(id).alert(),
                        kind,
                        says,
                        muteMicros == null ? null : says.at() + muteMicros);
        screen(json).print(written);
        json.write(AlertJson.of(written), spec.commandLine().getOut());
        return 0;
    }

    private AlertLog log(KafkaOptions kafka) throws IOException {
        kafka.connect().close();
        return new AlertLog(kafka.clientProperties(), kafka.topicPrefix(), AlertsCommand::now);
    }

    private static long now() {
        return System.currentTimeMillis() * MICROS_PER_MILLI;
    }

    private static CommandLines commands(KafkaOptions kafka) {
        String prefix = kafka.topicPrefix();
        return CommandLines.of(
                kafka.bootstrapServer(),
                prefix.equals(Topics.DEFAULT_PREFIX) ? null : prefix,
                kafka.commandConfig());
    }

    private AlertScreen screen(JsonOption json) {
        return new AlertScreen(progress(json), ink(json));
    }

    /** Picocli knows terminals, and people who want no colours. */
    private static Ink ink(JsonOption json) {
        return Ansi.AUTO.enabled() && !json.takesStandardOutput() ? Ink.COLOURS : Ink.NONE;
    }

    private PrintWriter progress(JsonOption json) {
        return json.forPeople(spec.commandLine());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
