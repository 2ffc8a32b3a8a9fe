package io.spectrawatch.ops.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of {@code ingest/python/tests/children/traffic.py}. */
final class PythonTraffic implements AutoCloseable {

    private static final Path TAP = Path.of("..", "ingest", "python").toAbsolutePath().normalize();

    private final Process process;
    private final Path output;

    private PythonTraffic(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The interpreter of the environment that ingest's build has made; there may be none. */
    static Path interpreter() {
        return TAP.resolveSibling("target").resolve("python/venv/bin/python");
    }

    /** Whether the profile tap runs, which leaves nothing out. */
    static boolean inFull() {
        return Boolean.getBoolean("spectrawatch.tap.demo");
    }

    /** Leaves a test out where the build was told to do without Python; the profile fails then. */
    static void requireInterpreter() {
        boolean found = Files.isExecutable(interpreter());
        String missing =
                "no environment of the Python tap; make it by"
                        + " python3 ingest/python/verify.py --prepare-only";
        assertTrue(found || !inFull(), missing);
        assumeTrue(found, missing);
    }

    /** Whether that interpreter has torch. */
    static boolean hasTorch() throws IOException, InterruptedException {
        return new ProcessBuilder(interpreter().toString(), "-c", "import torch")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /**
     * @param folder takes what it prints and what it is told
     */
    static PythonTraffic start(String scenario, String kafka, String prefix, Path folder)
            throws IOException {
        Path output = folder.resolve(scenario + ".json");
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                interpreter().toString(),
                                TAP.resolve("tests/children/traffic.py").toString(),
                                scenario,
                                kafka,
                                prefix,
                                folder.toString()));
        builder.environment().put("PYTHONPATH", TAP.resolve("src").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectOutput(output.toFile());
        builder.redirectError(folder.resolve(scenario + ".log").toFile());
        return new PythonTraffic(builder.start(), output);
    }

    /** Waits for its end in order; returns what it counted. */
    JsonNode await() throws IOException, InterruptedException {
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the traffic did not end");
        Path log = Path.of(output.toString().replace(".json", ".log"));
        assertEquals(0, process.exitValue(), () -> read(log));
        System.out.println(Files.readString(output).strip());
        return new ObjectMapper().readTree(output.toFile());
    }

    /** Ends it without any warning. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return file + ": " + e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
