package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code capture} and {@code doctor} against a real broker. */
class CaptureCommandITCase {

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void textsAreCapturedAndPublished() throws Exception {
        Path texts = folder.resolve("texts.txt");
        Files.write(
                texts, List.of("A first text.", "", "A second one, somewhat longer.", "Third."));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"));
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertEquals(
                    ExitCodes.FAILED,
                    run("doctor", "--bootstrap-server", broker.bootstrapServers()));
            assertTrue(out.toString().contains("does not exist"), () -> out + "\n" + err);
            new TopicAdmin(admin, Topics.DEFAULT_PREFIX).create(2, (short) 1);
            assertEquals(0, run("doctor", "--bootstrap-server", broker.bootstrapServers()));
            // Nothing runs yet, which doctor says; nothing is wrong.
            assertTrue(out.toString().contains("0 failed, 2 warning(s)"), out.toString());

            int code =
                    run(
                            "capture",
                            "--bootstrap-server",
                            broker.bootstrapServers(),
                            "--text",
                            texts.toString(),
                            "--batch",
                            "2",
                            "--rows",
                            "mean",
                            "--element-type",
                            "float16");

            assertEquals(0, code, err.toString());
            assertTrue(out.toString().contains("2 snapshots published, 0 dropped, 0 failed"));
            for (int shard = 0; shard < 2; shard++) {
                TopicPartition activations =
                        new TopicPartition(
                                Topics.ACTIVATIONS.topicName(Topics.DEFAULT_PREFIX), shard);
                assertEquals(
                        1,
                        admin.listOffsets(Map.of(activations, OffsetSpec.latest()))
                                .partitionResult(activations)
                                .get()
                                .offset(),
                        "a capture for each shard");
            }
        }
    }

    @Test
    void tensorsAreListed() {
        assertEquals(0, run("capture", "--list"));
        assertTrue(out.toString().contains("last_hidden_state"));
        assertTrue(out.toString().contains("/encoder/layer.5/output/LayerNorm/Add"));
    }

    private int run(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
