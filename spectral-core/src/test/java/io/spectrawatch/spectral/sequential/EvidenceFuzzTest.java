package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged sequential tests, with their checksums made right again. */
class EvidenceFuzzTest {
    private static final int CASES = 20_000;
    private static final long FACTOR = 16;

    private record Read(byte[] bytes, Evidence evidence) {}

    @Test
    void damagedTestsAreRefusedOrValid() throws IOException {
        List<byte[]> valid;
        try (InputStream in = EvidenceFuzzTest.class.getResourceAsStream("evidence-v1.bin")) {
            valid =
                    List.of(
                            in.readAllBytes(),
                            Evidence.start(EvidenceOptions.defaults()).toBytes());
        }
        new Fuzz<>(
                        "evidence",
                        EvidenceFuzzTest.class,
                        bytes -> new Read(bytes, Evidence.fromBytes(bytes)),
                        Set.of(EvidenceFormatException.class),
                        EvidenceFuzzTest::check,
                        FACTOR)
                .repairing(Fuzz::withChecksum)
                .run(valid, CASES);
    }

    private static void check(Read read) {
        Evidence evidence = read.evidence();
        assertArrayEquals(read.bytes(), evidence.toBytes());
        assertFalse(Double.isNaN(evidence.logEvidence()), "evidence is NaN");
        assertTrue(evidence.progress() >= 0 && evidence.progress() <= 1, "progress");
        assertTrue(evidence.observe(0.5).logEvidence() < Double.POSITIVE_INFINITY, "next step");
        assertTrue(
                !evidence.alarmed() || evidence.logEvidence() >= evidence.logThreshold(),
                "alarmed below the threshold");
    }
}
