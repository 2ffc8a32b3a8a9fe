package io.spectrawatch.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.doctor.DoctorFinding.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {

    private static final long MORE_THAN_ANY_DISK = Long.MAX_VALUE;

    @TempDir private Path folder;

    @Test
    void aFolderNeedsSpaceAndTheRightToWrite() throws Exception {
        Path later = folder.resolve("not").resolve("made");
        assertEquals(Status.OK, MachineChecks.disk(later, 0, 0).status());
        assertEquals(Status.WARNING, MachineChecks.disk(later, 0, MORE_THAN_ANY_DISK).status());
        DoctorFinding full = MachineChecks.disk(later, MORE_THAN_ANY_DISK, MORE_THAN_ANY_DISK);
        assertEquals(Status.FAILED, full.status());
        assertTrue(full.found().endsWith(" MiB free"), full.found());
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(Status.FAILED, MachineChecks.disk(file, 0, 0).status());
        assertEquals(Status.FAILED, MachineChecks.disk(file.resolve("below"), 0, 0).status());
    }

    @Test
    void aSchemaThatIsNotReadFails() {
        assertEquals(Status.OK, MachineChecks.schemas(List.of()).status());
        DoctorFinding finding =
                MachineChecks.schemas(List.of("Tick 1 is not read", "Alert is new"));
        assertEquals(Status.FAILED, finding.status());
        assertEquals("Tick 1 is not read; Alert is new", finding.found());
    }

    @Test
    void usageReportsAreOffOrItFails() {
        assertEquals(
                Status.OK, MachineChecks.telemetry(Map.of("ORT_DISABLE_TELEMETRY", "1")).status());
        assertEquals(Status.FAILED, MachineChecks.telemetry(Map.of()).status());
    }

    @Test
    void anotherClockIsJudgedByWhatIsSureOfIt() {
        Duration most = Duration.ofMillis(1000);
        assertEquals(Status.OK, ClockCheck.judge("here", 5_000, 4_000, 4_002, most).status());
        assertEquals(Status.FAILED, ClockCheck.judge("here", 5_100, 4_000, 4_002, most).status());
        assertEquals(Status.FAILED, ClockCheck.judge("here", 2_900, 4_000, 4_002, most).status());
        // a slow answer leaves it open
        assertEquals(Status.OK, ClockCheck.judge("here", 5_100, 3_500, 4_500, most).status());
    }
}
