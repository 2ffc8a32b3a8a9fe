package io.spectrawatch.ops.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a job's work has ended although Flink would start it for ever; answers as Flink gives. */
class JobWatchTest {

    private static final String JOB = "/jobs/ab";
    private static final String FENCED =
            "java.io.IOException: Could not perform checkpoint 7\\n\\tat x.Y\\n"
                    + "Caused by: org.apache.kafka.common.errors.InvalidProducerEpochException: old"
                    + " epoch\\n";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, String> answers = new HashMap<>();
    private long seconds;

    @TempDir private Path folder;

    @BeforeEach
    void aJobThatRuns() {
        answers.put("/overview", "{\"taskmanagers\":1}");
        answers.put(JOB, "{\"state\":\"RUNNING\"}");
        failures();
    }

    private void failures(String... traces) {
        StringBuilder entries = new StringBuilder();
        for (String trace : traces) {
            entries.append(entries.isEmpty() ? "" : ",")
                    .append("{\"stacktrace\":\"")
                    .append(trace)
                    .append("\"}");
        }
        answers.put(JOB + "/exceptions", "{\"exceptionHistory\":{\"entries\":[" + entries + "]}}");
    }

    private JobWatch watch(boolean own) {
        return new JobWatch(
                path -> answers.containsKey(path) ? json.readTree(answers.get(path)) : null,
                "ab",
                own,
                () -> seconds * 1_000_000_000L);
    }

    private static void assertEnded(String words, Optional<String> ended) {
        assertTrue(ended.isPresent() && ended.get().contains(words), ended::toString);
        assertEquals(1, ended.get().lines().count());
    }

    @Test
    void aJobThatRunsOrStartsAgainHasNotEnded() throws Exception {
        JobWatch watch = watch(true);
        assertEquals(Optional.empty(), watch.ended());
        failures("java.lang.NullPointerException: x");
        answers.put(JOB, "{\"state\":\"RESTARTING\"}");
        seconds = 3600;
        assertEquals(Optional.empty(), watch.ended());
    }

    @Test
    void aFencedJobHasEndedWhereverItRuns() throws Exception {
        failures("java.lang.RuntimeException: newer", FENCED);
        for (boolean own : new boolean[] {true, false}) {
            assertEnded("fenced: another process", watch(own).ended());
            assertEnded("InvalidProducerEpochException: old epoch", watch(own).ended());
        }
    }

    @Test
    void aJobWithoutATaskManagerHasEndedAfterAWhile() throws Exception {
        JobWatch watch = watch(true);
        failures("java.lang.Exception: a\\nCaused by: java.lang.Exception: killed");
        answers.put("/overview", "{\"taskmanagers\":0}");
        answers.put(JOB, "{\"state\":\"RESTARTING\"}");
        seconds = 10;
        assertEquals(Optional.empty(), watch.ended());
        seconds = 11;
        assertEnded(
                "the job stays RESTARTING; its last failure: java.lang.Exception: killed",
                watch.ended());
        // a cluster of its own may get another one
        assertEquals(Optional.empty(), watch(false).ended());
    }

    @Test
    void aClusterThatDoesNotAnswerHasEndedAfterAWhile() throws Exception {
        JobWatch watch = watch(true);
        assertEquals(Optional.empty(), watch.ended());
        answers.remove(JOB);
        seconds = 10;
        assertEquals(Optional.empty(), watch.ended());
        seconds = 11;
        assertEnded("does not answer", watch.ended());
    }

    @Test
    void memoryThatRanOutIsNamed() throws Exception {
        failures(
                "a.B: x\\nCaused by: java.lang.OutOfMemoryError: Cannot reserve 8 bytes of direct buffer memory");
        assertEnded(
                "out of memory: direct buffers (-XX:MaxDirectMemorySize) (Cannot",
                watch(true).ended());
        failures("java.lang.OutOfMemoryError: Physical memory usage is too high");
        assertEnded("out of memory: native memory (Physical", watch(true).ended());
        assertEquals(Optional.empty(), watch(false).ended());
    }

    @Test
    void aJobWhoseCheckpointIsGoneHasEnded() throws Exception {
        Path checkpoint = Files.createDirectory(folder.resolve("chk-3"));
        answers.put(
                JOB + "/checkpoints",
                "{\"latest\":{\"completed\":{\"external_path\":\"" + checkpoint.toUri() + "\"}}}");
        JobWatch watch = watch(true);
        Files.delete(checkpoint);
        assertEquals(Optional.empty(), watch.ended(), "it runs, and writes another one");
        answers.put(JOB, "{\"state\":\"RESTARTING\"}");
        assertEnded("is gone: " + checkpoint, watch.ended());
        Files.createDirectory(checkpoint);
        assertEquals(Optional.empty(), watch.ended());
    }
}
