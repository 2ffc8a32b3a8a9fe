package io.spectrawatch.ops.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The progress line. */
class AuditBarTest {

    @Test
    void saysHowFarHowFastAndHowLongStill() {
        assertEquals(
                "[##########                    ]  33 %  1,000 of 3,000 rows  100 rows/s  0:20 left ",
                AuditBar.line(1000, 3000, 10));
    }

    @Test
    void anEmptyReplayIsDone() {
        assertEquals(
                "[##############################] 100 %  0 of 0 rows  0 rows/s  0:00 left ",
                AuditBar.line(0, 0, 1));
    }

    @Test
    void beforeTheFirstRowNothingIsKnown() {
        assertTrue(AuditBar.line(0, 3000, 10).endsWith("  0 rows/s  -:-- left "));
    }
}
