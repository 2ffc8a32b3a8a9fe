package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
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

    private record Pairs(byte[] bytes, ClientPairs pairs) {}

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = DetectorFuzzTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void damagedPairsAreRefusedOrUsable() throws IOException {
        Detector detector = Detector.fromBytes(golden("detector-v3.bin"));
        Activations rows = new SyntheticModel(21).clean(3, 77);
        new Fuzz<>(
                        "client-pairs",
                        DetectorFuzzTest.class,
                        bytes -> {
                            ClientPairs pairs = detector.clientPairs(4, 2);
                            pairs.restore(bytes);
                            return new Pairs(bytes, pairs);
                        },
                        Set.of(IllegalArgumentException.class),
                        read -> check(read, detector, rows),
                        FACTOR)
                .run(List.of(golden("client-pairs-v1.bin"), golden("client-pairs-v2.bin")), CASES);
    }

    private void check(Pairs read, Detector detector, Activations rows) {
        detector.scorer(kernels).measure(rows, read.pairs());
        NearPair pair = read.pairs().observe(0, "mallory", "next", 1, 0);
        if (pair != null) {
            assertTrue(pair.liftP() > 0 && pair.liftP() <= 1, pair.toString());
            assertTrue(pair.gainP() > 0 && pair.gainP() <= 1, pair.toString());
        }
    }

    @Test
    void damagedDetectorsAreRefusedOrUsable() throws IOException {
        List<byte[]> golden =
                List.of(
                        golden("detector-v3.bin"),
                        golden("detector-v4.bin"),
                        golden("detector-v5.bin"),
                        golden("detector-v6.bin"),
                        golden("detector-v7.bin"),
                        golden("detector-v9.bin"));
        Activations rows = new SyntheticModel(5).clean(3, 77);
        fuzz(rows, golden, CASES);
    }

    @Test
    void damagedDetectorsOfImagesAreRefusedOrUsable() throws IOException {
        Activations rows = SyntheticImages.clean(3, 77);
        fuzz(rows, List.of(golden("detector-v8.bin"), golden("detector-v9-images.bin")), CASES / 4);
    }

    @Test
    void damagedDetectorsOfTextsAreRefusedOrUsable() throws IOException {
        Activations rows = new TextModel(21).clean(3, 77);
        fuzz(rows, List.of(golden("detector-v9-texts.bin")), CASES / 4);
    }

    @Test
    void damagedDetectorsOfTokensWithATextAreRefusedOrUsable() throws IOException {
        Activations rows = new TextModel(21).tokens(3, 77);
        fuzz(rows, List.of(golden("detector-v10.bin")), CASES / 4);
    }

    private void fuzz(Activations rows, List<byte[]> golden, int cases) {
        new Fuzz<>(
                        "detector",
                        DetectorFuzzTest.class,
                        bytes -> new Read(bytes, Detector.fromBytes(bytes)),
                        Set.of(IllegalArgumentException.class),
                        read -> check(read, rows),
                        FACTOR)
                .run(golden, cases);
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
