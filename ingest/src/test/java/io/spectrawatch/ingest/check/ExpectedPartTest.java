package io.spectrawatch.ingest.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spectrawatch.ingest.model.StateTest;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the changelog of open samples holds, pinned by a golden file. */
class ExpectedPartTest {

    private static final int CASES = 20_000;
    private static final long FACTOR = 64;

    private static final ExpectedPart SAMPLE = new ExpectedPart(7, 3, 120_000_000, true, true);

    @Test
    void theLayoutIsThatOfTheGoldenFile() throws IOException {
        byte[] golden = StateTest.golden("OpenSample-1.bin");

        assertArrayEquals(golden, SAMPLE.toBytes());
        assertEquals(SAMPLE, ExpectedPart.fromBytes(golden));
    }

    @Test
    void otherVersionsAndCutBytesAreRefused() {
        byte[] bytes = SAMPLE.toBytes();
        byte[] newer = bytes.clone();
        newer[0] = 2;
        byte[] flagged = bytes.clone();
        flagged[bytes.length - 1] = 4;
        for (byte[] bad :
                List.of(
                        newer,
                        flagged,
                        Arrays.copyOf(bytes, bytes.length - 1),
                        Arrays.copyOf(bytes, bytes.length + 1),
                        new byte[0])) {
            assertThrows(IllegalStateException.class, () -> ExpectedPart.fromBytes(bad));
        }
    }

    private record Read(byte[] bytes, ExpectedPart sample) {}

    @Test
    void damagedEntriesAreRefusedOrWriteThemselvesAgain() {
        new Fuzz<Read>(
                        "open-sample",
                        ExpectedPartTest.class,
                        bytes -> new Read(bytes, ExpectedPart.fromBytes(bytes)),
                        Set.of(IllegalStateException.class),
                        read -> assertArrayEquals(read.bytes(), read.sample().toBytes()),
                        FACTOR)
                .run(
                        List.of(
                                SAMPLE.toBytes(),
                                new ExpectedPart(0, 0, 1, false, false).toBytes()),
                        CASES);
    }
}
