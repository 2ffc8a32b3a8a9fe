package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Texts captured beside the tokens of the built-in transformer, from the command to the report. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TextOfTokensITCase {

    private static final int REFERENCE = 700;
    private static final int OTHERS = 100;
    private static final String WORDS = "word-surprise/text-ngrams-1";
    private static final String LAYERS =
            MiniLm.taps().get(0).tensor() + "," + MiniLm.taps().get(6).tensor();

    @TempDir private static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private EmbeddedBroker broker;

    /** Captures texts and returns the time in which the log took them. */
    private String capture(String name, List<String> texts) throws Exception {
        Path file = Files.write(folder.resolve(name + ".txt"), texts);
        Instant from = Instant.now();
        run(
                "capture",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--text",
                file.toString(),
                "--text-ngrams",
                "--batch",
                "16");
        // Times of the log are whole milliseconds.
        Thread.sleep(5);
        return from + ".." + Instant.now();
    }

    private void run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        assertEquals(0, code, err.toString());
    }

    private static List<String> strings(int count) {
        Random random = new Random(1);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < 8; word++) {
                for (int j = 2 + random.nextInt(8); j > 0; j--) {
                    text.append((char) ('a' + random.nextInt(26)));
                }
                text.append(' ');
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private JsonNode evaluate(String reference, String clean, String strings, String layers)
            throws Exception {
        Path json = folder.resolve("report.json");
        run(
                "evaluate",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--topic",
                "activations",
                "--reference",
                reference,
                "--clean",
                clean,
                "--attacked",
                "strings=" + strings,
                "--layers",
                layers,
                "--json",
                json.toString());
        return new ObjectMapper().readTree(json.toFile());
    }

    @Test
    void theTextIsScoredBesideTheTokens() throws Exception {
        List<String> glosses = Glosses.shuffled(Glosses.all(), 1);
        try (EmbeddedBroker started = EmbeddedBroker.start(folder.resolve("broker"))) {
            broker = started;
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                        .create(1, (short) 1, Map.of("retention.ms", "-1"));
            }
            String reference = capture("reference", glosses.subList(0, REFERENCE));
            String clean = capture("clean", glosses.subList(REFERENCE, REFERENCE + OTHERS));
            String strings = capture("strings", strings(OTHERS));
            JsonNode with = evaluate(reference, clean, strings, "text-ngrams-1," + LAYERS);
            assertEquals(REFERENCE, with.get("referenceSamples").asInt());
            assertEquals(OTHERS, with.get("cleanSamples").asInt());
            assertTrue(with.at("/weights").get(WORDS).asDouble() > 0, with.toString());
            assertFalse(with.get("scores").has("mahalanobis/text-ngrams-1"));
            double area = with.get("scores").get(WORDS).get("strings").get("auroc").asDouble();
            assertTrue(area > 0.9, with.toString());
            JsonNode without = evaluate(reference, clean, strings, LAYERS);
            assertFalse(without.get("scores").has(WORDS));
        }
    }
}
