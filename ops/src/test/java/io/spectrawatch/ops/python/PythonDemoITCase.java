package io.spectrawatch.ops.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spectrawatch.ops.demo.python.PythonDemo;
import io.spectrawatch.ops.demo.python.PythonReport;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo of a server in Python, whole; the profile {@code tap} runs it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PythonDemoITCase {

    private static final Path EXAMPLES = Path.of("examples");

    @TempDir private Path folder;

    @Test
    void anAlertNamesTheTracesOfTheAttackAndTheTokensThatSpoke() throws Exception {
        assumeTrue(PythonTraffic.inFull(), "left to the profile tap");
        PythonTraffic.requireInterpreter();
        DemoOptions options = new DemoOptions(1, 1, true, folder, 0, 0, null, 1, null);
        PythonDemo demo =
                new PythonDemo(
                        options,
                        EXAMPLES.resolve("mnist"),
                        EXAMPLES.resolve("python"),
                        null,
                        new PrintWriter(System.out, true));
        PythonReport report = demo.run();

        assertTrue(report.asPromised(), report::toString);
        assertEquals(0, report.rejected());
        PythonReport.Raised alert =
                report.alerts().stream()
                        .filter(each -> each.kind().equals("UNDER_ATTACK"))
                        .findFirst()
                        .orElseThrow();
        assertFalse(alert.requests().isEmpty());
        for (PythonReport.Named request : alert.requests()) {
            assertTrue(request.traceId().matches("[0-9a-f]{32}"), request::toString);
            assertFalse(request.tokens().isEmpty(), request::toString);
        }
        assertTrue(alert.requests().stream().anyMatch(request -> !request.covered().isEmpty()));
    }
}
