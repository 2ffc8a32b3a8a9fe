package io.spectrawatch.ops.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Children of tests log as those of deployments do, whatever else lies on the class path. */
class ChildLoggingTest {

    @TempDir private Path folder;

    /** The child. */
    static final class Speaker {

        private Speaker() {}

        public static void main(String[] arguments) {
            LoggerFactory.getLogger(Speaker.class).info("our own notice");
            LoggerFactory.getLogger("org.apache.kafka.Other").error("an error of others");
            LoggerFactory.getLogger("org.apache.kafka.Other").warn("a warning of others");
        }
    }

    @Test
    void ownNoticesAndErrorsOfOthersAreLogged() throws Exception {
        Path log = folder.resolve("child.log");
        try (ChildJvm child =
                ChildJvm.named("speaker")
                        .options("-Xmx64m", "-XX:TieredStopAtLevel=1")
                        .log(log)
                        .start(Speaker.class.getName())) {
            assertEquals(0, child.awaitExit(Duration.ofSeconds(60)), child::toString);
            String said = Files.readString(log);
            assertTrue(said.contains("our own notice"), said);
            assertTrue(said.contains("an error of others"), said);
            assertFalse(said.contains("a warning of others"), said);
        }
    }
}
