package io.spectrawatch.ops.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A JVM of this machine's Java that lives no longer than its parent.
 *
 * <pre>{@code
 * ChildJvm child =
 *         ChildJvm.named("ingest")
 *                 .options("-Xmx512m")
 *                 .log(folder.resolve("ingest.log"))
 *                 .start("io.spectrawatch.ops.cli.Main", "ingest", "--help");
 * }</pre>
 *
 * <p>Standard output and error are appended to the log.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int LOG_TAIL = 4_000;
    private static final int FIRST_ERROR = 1_000;
    private static final String ERROR = " ERROR ";
    private static final String CAUSE = "Caused by: ";
    private static final int MOST_KINDS = 20;
    private static final int KIND = 60;
    private static final int LINE = 300;

    /**
     * Ctrl-C reaches every process of a terminal. A child must outlive those who still need it; it
     * ends when they say so, or with its parent.
     */
    private static final String IGNORE_INTERRUPT = "trap '' INT; exec \"$@\"";

    private final String name;
    private final Path log;
    private final Process process;

    private ChildJvm(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Begins the description of a child; the name appears in messages. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** What a child is started with. */
    public static final class Builder {

        private final String name;
        private List<Path> classPath = ClassPath.entries();
        private List<String> options = List.of();
        private Path log;

        private Builder(String name) {
            this.name = name;
        }

        /** Class path; this JVM's own unless set. {@code ChildMain} must be on it. */
        public Builder classPath(List<Path> entries) {
            classPath = List.copyOf(entries);
            return this;
        }

        /** Options of the virtual machine, beside the parent's folder for temporary files. */
        public Builder options(String... virtualMachine) {
            options = List.of(virtualMachine);
            return this;
        }

        /** File that takes what the child prints; required. */
        public Builder log(Path file) {
            log = file;
            return this;
        }

        /**
         * Starts the JVM and returns at once.
         *
         * @param mainClass class with a {@code main} method, of any visibility
         * @throws IOException if the process cannot be started
         */
        public ChildJvm start(String mainClass, String... arguments) throws IOException {
            if (log == null) {
                throw new IllegalStateException("child " + name + ": a log file is required");
            }
            List<String> command = new ArrayList<>();
            command.addAll(List.of("/bin/sh", "-c", IGNORE_INTERRUPT, name));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JvmOptions.ALWAYS);
            command.addAll(JvmOptions.compiler());
            command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
            command.addAll(options);
            command.addAll(List.of("-cp", ClassPath.join(classPath)));
            command.add(ChildMain.class.getName());
            command.add(mainClass);
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            // A child that loads ONNX Runtime would report usage to its vendor otherwise.
            builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            return new ChildJvm(name, log, builder.start());
        }
    }

    /** Whether the process has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time that the process has taken so far; zero once it has ended. */
    public Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /**
     * Waits for the process to end by itself.
     *
     * @return its exit code
     * @throws IOException if it does not within the patience; the message ends with its log
     */
    public int awaitExit(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(
                    "still there after " + patience.toSeconds() + " s: " + describe());
        }
        return process.exitValue();
    }

    /** Ends the JVM without any warning, by SIGKILL, as a power failure would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks the JVM to shut down in order, by SIGTERM, and kills it after 20 seconds. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * What became of the process, its errors, and the end of its log, for a message about a
     * failure.
     */
    public String describe() throws IOException {
        return name
                + (process.isAlive() ? " runs" : " ended with exit code " + process.exitValue())
                + "; "
                + endOf(Files.readString(log));
    }

    /** The first error is what others followed from; the longest traces come last. */
    static String endOf(String log) {
        int tail = Math.max(0, log.length() - LOG_TAIL);
        String head = log.substring(0, tail);
        int error = head.indexOf(ERROR);
        if (error < 0) {
            return "its log ends:\n" + log.substring(tail);
        }
        return "its first error:\n"
                + head.substring(error + 1, Math.min(error + FIRST_ERROR, tail))
                + "\nits errors, each kind once:\n"
                + kindsOfErrors(head)
                + "its log ends:\n"
                + log.substring(tail);
    }

    /** Lines of errors and of their causes; what begins alike is one kind. */
    private static String kindsOfErrors(String log) {
        Map<String, String> kinds = new LinkedHashMap<>();
        for (String line : log.lines().toList()) {
            int error = line.indexOf(ERROR);
            if (error >= 0 || line.startsWith(CAUSE)) {
                String message = line.substring(Math.max(error, 0));
                String start = message.substring(0, Math.min(KIND, message.length()));
                kinds.putIfAbsent(start, line.substring(0, Math.min(LINE, line.length())));
            }
        }
        return kinds.values().stream()
                .limit(MOST_KINDS)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
