package io.spectrawatch.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that measures a device, on the processor with the same graphs. */
class CudaScriptTest {

    @TempDir private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void itMeasuresEverySizeBesideTheHost() throws Exception {
        ProcessBuilder script = new ProcessBuilder("bash", "benchmarks/cuda.sh", folder.toString());
        script.environment().put("PROVIDER", "ONNX_CPU");
        script.environment().put("SIZES", "24:2000");
        script.environment().put("SPECTRAWATCH", launcher().toString());
        Path log = folder.resolve("log");
        script.redirectErrorStream(true).redirectOutput(log.toFile());

        assertEquals(0, script.start().waitFor(), () -> read(log));

        for (String type : new String[] {"FLOAT32", "FLOAT16"}) {
            for (String kernels : new String[] {"ONNX_CPU", "HOST"}) {
                Path found = folder.resolve(kernels + "-24-" + type + ".json");
                assertTrue(Files.exists(found), () -> read(log));
                JsonNode report = new ObjectMapper().readTree(found.toFile());
                assertTrue(report.path("rowsPerSecond").asDouble() > 0, report::toString);
                assertTrue(
                        report.path("covarianceError").asDouble()
                                <= report.path("certifiedError").asDouble(),
                        report::toString);
            }
        }
        assertTrue(Files.size(folder.resolve("machine.txt")) > 0);
    }

    /** What is being tested, which need not be packaged yet. */
    private Path launcher() throws IOException {
        Path launcher = folder.resolve("spectrawatch");
        String line =
                "exec '%s' -Xmx512m -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"%n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                Main.class.getName());
        Files.writeString(launcher, "#!/bin/sh\n" + line);
        assertTrue(launcher.toFile().setExecutable(true));
        return launcher;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
