package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Damaged detectors: what is accepted writes the same bytes and scores without a failure. */
class DetectorFuzzTest {
    private static final int CASES = 4_000;
    private static final long FACTOR = 32;

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    private record Read(byte[] bytes, Detector detector) {}

    @AfterEach
    void close() {
        kernels.close();
    }

    @Test
    void damagedDetectorsAreRefusedOrUsable() throws IOException {
        byte[] golden;
        try (InputStream in =
                DetectorFuzzTest.class.getResourceAsStream("/golden/detector-v1.bin")) {
            golden = in.readAllBytes();
        }
        Activations rows = new SyntheticModel(5).clean(3, 77);
        new Fuzz<>(
                        "detector",
                        DetectorFuzzTest.class,
                        bytes -> new Read(bytes, Detector.fromBytes(bytes)),
                        Set.of(IllegalArgumentException.class),
                        read -> check(read, rows),
                        FACTOR)
                .run(List.of(golden), CASES);
    }

    private void check(Read read, Activations rows) {
        Detector detector = read.detector();
        assertArrayEquals(read.bytes(), detector.toBytes());
        if (detector.taps().equals(rows.taps())) {
            try {
                for (double p : detector.measure(rows, kernels).p()) {
                    assertTrue(p > 0 && p <= 1, "p " + p);
                }
            } catch (ArithmeticException e) {
                // finite numbers far from these rows may overflow, which is said, not returned
            }
        }
    }
}
