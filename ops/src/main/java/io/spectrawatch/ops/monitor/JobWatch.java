package io.spectrawatch.ops.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.ops.process.LastWords;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Says when a job's work has ended for good although the job has not: Flink starts a job again for
 * ever, also where nothing is left that could run it.
 *
 * <ul>
 *   <li>Somebody else writes under its transactional ids: going on would end the other's
 *       transactions in turn.
 *   <li>In this process: memory ran out, the only TaskManager is gone, Flink does not answer, or
 *       the checkpoint is gone that the job would go on from.
 * </ul>
 */
final class JobWatch {

    /** How long a TaskManager or an answer may be missing. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<String> FENCED =
            List.of("InvalidProducerEpochException", "ProducerFencedException");
    private static final String OUT_OF_MEMORY = "java.lang.OutOfMemoryError";
    private static final String CAUSED_BY = "Caused by: ";

    private final Rest rest;
    private final String job;
    private final boolean own;
    private final LongSupplier nanoTime;
    private long answered;
    private long staffed;
    private String lastFailure = "no failure is known";

    /** Answers of Flink's REST interface. */
    @FunctionalInterface
    interface Rest {
        /** Null where there is none. */
        JsonNode get(String path) throws java.io.IOException;
    }

    /**
     * @param job its id in hex
     * @param own whether the cluster is part of this process
     */
    JobWatch(Rest rest, String job, boolean own, LongSupplier nanoTime) {
        this.rest = rest;
        this.job = job;
        this.own = own;
        this.nanoTime = nanoTime;
        this.answered = nanoTime.getAsLong();
        this.staffed = answered;
    }

    /** Why nothing more will come, in one line; empty while it may. */
    Optional<String> ended() throws java.io.IOException {
        long now = nanoTime.getAsLong();
        JsonNode overview = rest.get("/overview");
        JsonNode state = rest.get("/jobs/" + job);
        JsonNode exceptions = rest.get("/jobs/" + job + "/exceptions");
        if (overview != null && state != null && exceptions != null) {
            answered = now;
            Optional<String> found = inFailures(exceptions);
            return found.isPresent() || !own ? found : inState(now, overview, state);
        }
        return own && now - answered > PATIENCE.toNanos()
                ? Optional.of("Flink in this process does not answer any more; " + lastFailure)
                : Optional.empty();
    }

    private Optional<String> inFailures(JsonNode exceptions) {
        for (JsonNode failure : failures(exceptions)) {
            String trace = failure.path("stacktrace").asText();
            String root = root(trace);
            lastFailure = "its last failure: " + root;
            if (FENCED.stream().anyMatch(trace::contains)) {
                return Optional.of(
                        "fenced: another process writes under its transactional ids, or a"
                                + " transaction was open for longer than transaction.timeout.ms ("
                                + root
                                + ")");
            }
            if (own && trace.contains(OUT_OF_MEMORY)) {
                return Optional.of(outOfMemory(trace));
            }
        }
        return Optional.empty();
    }

    /** The newest last, so that the last failure is the one that counts. */
    private static List<JsonNode> failures(JsonNode exceptions) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode entry : exceptions.path("exceptionHistory").path("entries")) {
            entry.path("concurrentExceptions").forEach(each -> all.add(0, each));
            all.add(0, entry);
        }
        return all;
    }

    private static String outOfMemory(String trace) {
        String message =
                trace.lines()
                        .filter(line -> line.contains(OUT_OF_MEMORY))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(OUT_OF_MEMORY)))
                        .map(line -> line.substring(OUT_OF_MEMORY.length()))
                        .map(line -> line.startsWith(": ") ? line.substring(2) : line)
                        .orElse("");
        return LastWords.outOfMemory(message);
    }

    /** The innermost cause in a printed stack trace. */
    private static String root(String trace) {
        String root = trace.lines().findFirst().orElse("unknown");
        for (String line : trace.lines().toList()) {
            if (line.startsWith(CAUSED_BY)) {
                root = line.substring(CAUSED_BY.length());
            }
        }
        return root;
    }

    private Optional<String> inState(long now, JsonNode overview, JsonNode state)
            throws java.io.IOException {
        String name = state.path("state").asText();
        if (overview.path("taskmanagers").asInt() > 0) {
            staffed = now;
        } else if (now - staffed > PATIENCE.toNanos()) {
            return Optional.of(
                    "the TaskManager in this process is gone, the job stays "
                            + name
                            + "; "
                            + lastFailure);
        }
        return name.equals("RUNNING") ? Optional.empty() : goneCheckpoint();
    }

    /** A job that has failed goes on from its newest checkpoint and from no other. */
    private Optional<String> goneCheckpoint() throws java.io.IOException {
        JsonNode checkpoints = rest.get("/jobs/" + job + "/checkpoints");
        if (checkpoints == null) {
            return Optional.empty();
        }
        JsonNode latest = checkpoints.path("latest");
        String path = latest.path("completed").path("external_path").asText("");
        if (path.isEmpty()) {
            path = latest.path("restored").path("external_path").asText("");
        }
        if (!path.startsWith("file:") || Files.exists(Path.of(URI.create(path)))) {
            return Optional.empty();
        }
        return Optional.of(
                "the checkpoint that it would go on from is gone: "
                        + Path.of(URI.create(path))
                        + "; "
                        + lastFailure);
    }
}
