package io.spectrawatch.ops.security;

import io.spectrawatch.ops.cli.Main;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A command in a JVM of its own, which logs into a file, Kafka's settings included. */
public final class CommandProcess implements AutoCloseable {

    private static final int ADDRESS_COLUMN = 1;
    private static final int LISTENING_COLUMN = 3;
    private static final int INODE_COLUMN = 9;

    /** 127.0.0.1, and ::1 and ::ffff:127.0.0.1, in the machine's byte order. */
    private static final List<String> LOOPBACK =
            List.of(
                    "0100007F:",
                    "00000000000000000000000001000000:",
                    "0000000000000000FFFF00000100007F:");

    private final Process process;
    private final Path output;

    private CommandProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    public static CommandProcess start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SPECTRAWATCH_LOG_LEVEL", "info");
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return new CommandProcess(builder.start(), output);
    }

    /** Waits until the output holds a text. */
    public void await(String text) throws IOException, InterruptedException {
        while (!output().contains(text)) {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + tail());
            }
            Thread.sleep(200);
        }
    }

    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + tail());
        }
    }

    /** Addresses the process listens on that other machines can reach, as Linux lists them. */
    List<String> listeningBeyondLoopback() throws IOException {
        Set<String> own = new HashSet<>();
        Path open = Path.of("/proc", Long.toString(process.pid()), "fd");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(open)) {
            for (Path file : files) {
                try {
                    own.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    // closed in the meantime
                }
            }
        }
        List<String> found = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.trim().split("\\s+");
                boolean listens = columns[LISTENING_COLUMN].equals("0A");
                if (listens
                        && own.contains("socket:[" + columns[INODE_COLUMN] + "]")
                        && LOOPBACK.stream().noneMatch(columns[ADDRESS_COLUMN]::startsWith)) {
                    found.add(columns[ADDRESS_COLUMN]);
                }
            }
        }
        return found;
    }

    String output() throws IOException {
        return Files.readString(output, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private String tail() throws IOException {
        String all = output();
        return all.substring(Math.max(0, all.length() - 8_000));
    }

    /** Gives it no time for anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
