package io.spectrawatch.ops.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.TimeArgument;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.show.RecordFrames;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.ops.show.TopicDump;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code decode}: records as JSON. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description = {
            "Writes records as JSON, a line for each: those of a topic, or without --topic those on"
                    + " standard input.",
            "Bytes are told by number and hash, activations by what their values are; --data gives"
                    + " them in full. Exit code 1 where a value could not be decoded."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  spectrawatch decode --topic alerts --from 1h --bootstrap-server b:9092",
            "  spectrawatch decode --topic validated --partition 2 --from-offset 17 \\",
            "      --limit 1 --bootstrap-server b:9092",
            "  kcat -C -e -b b:9092 -t spectrawatch.alerts -f '%%R%%s' |",
            "      spectrawatch decode",
            "  xxd -p -c 0 record.bin | spectrawatch decode --input hex"
        })
final class DecodeCommand implements Callable<Integer> {

    private static final long MICROS_PER_MILLI = 1000;

    private final ObjectMapper mapper = new ObjectMapper();

    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false, heading = "Kafka:%n")
    private KafkaOptions kafka;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "A topic of the catalogue such as alerts, or the full name of one.")
    private String topic;

    @Option(names = "--partition", paramLabel = "P", description = "Of this partition only.")
    private Integer partition;

    @Option(
            names = "--from-offset",
            paramLabel = "N",
            description = "From this offset of --partition on.")
    private Long fromOffset;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Stamped then or later: 2026-01-31T12:00:00Z, or how long ago such as 1h.")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "Up to the first stamped then or later; likewise.")
    private String to;

    @Option(names = "--limit", paramLabel = "N", description = "So many records at most.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--input",
            defaultValue = "length-prefixed",
            paramLabel = "FORM",
            description =
                    "How values stand on standard input: ${COMPLETION-CANDIDATES}"
                            + " (default: ${DEFAULT-VALUE}).")
    private RecordFrames.Framing input;

    @Option(names = "--data", description = "Give long bytes in full, as base64.")
    private boolean data;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw usage("--limit must be at least 1, found " + limit);
        }
        TopicDump dump = new TopicDump(new RecordJson(data), limit);
        return topic == null ? filter(dump) : read(dump);
    }

    private int read(TopicDump dump) throws IOException {
        if (kafka == null) {
            throw usage("Missing required option: '--bootstrap-server=HOST:PORT,...'");
        }
        if (fromOffset != null && (partition == null || from != null)) {
            throw usage("--from-offset belongs to --partition, and not with --from");
        }
        long now = System.currentTimeMillis() * MICROS_PER_MILLI;
        TopicDump.Part part =
                new TopicDump.Part(
                        fullName(),
                        partition,
                        fromOffset,
                        millis("--from", from, now),
                        millis("--to", to, now));
        kafka.connect().close();
        dump.read(kafka.clientProperties(), part, this::print);
        // What was refused need not be a record.
        boolean strange = part.topic().equals(Topics.REJECTED.topicName(kafka.topicPrefix()));
        return dump.undecodable() == 0 || strange ? 0 : ExitCodes.FAILED;
    }

    private String fullName() {
        for (Topics each : Topics.values()) {
            if (each.topicName("").equals(topic)) {
                return each.topicName(kafka.topicPrefix());
            }
        }
        return topic;
    }

    private Long millis(String option, String text, long now) {
        Long micros = TimeArgument.moment(spec, option, text, now);
        return micros == null ? null : Math.max(0, Math.floorDiv(micros, MICROS_PER_MILLI));
    }

    private int filter(TopicDump dump) throws IOException {
        if (kafka != null
                || partition != null
                || fromOffset != null
                || from != null
                || to != null) {
            throw usage("--topic expected beside options that choose from a topic");
        }
        RecordFrames frames = new RecordFrames(System.in, input);
        for (long left = limit; left > 0; left--) {
            RecordFrames.Frame frame = frames.next();
            if (frame == null) {
                break;
            }
            ObjectNode value = dump.value(frame.value());
            if (value.has("undecodable")) {
                value.put("record", frame.number());
            }
            print(value);
        }
        return dump.undecodable() == 0 ? 0 : ExitCodes.FAILED;
    }

    private void print(ObjectNode record) {
        try {
            // Within a string the escapes mean the same characters.
            spec.commandLine().getOut().println(Printable.text(mapper.writeValueAsString(record)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a tree", e);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
