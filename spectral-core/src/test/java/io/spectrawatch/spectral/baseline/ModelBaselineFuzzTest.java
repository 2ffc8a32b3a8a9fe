package io.spectrawatch.spectral.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged baselines: what is accepted writes the same bytes and can be asked. */
class ModelBaselineFuzzTest {
    private static final int CASES = 10_000;
    private static final long FACTOR = 64;

    private record Read(byte[] bytes, ModelBaseline baseline) {}

    @Test
    void damagedBaselinesAreRefusedOrConsistent() throws IOException {
        byte[] golden;
        try (InputStream in =
                ModelBaselineFuzzTest.class.getResourceAsStream("model-baseline-v1.bin")) {
            golden = in.readAllBytes();
        }
        ModelBaseline whole = ModelBaseline.fromBytes(golden);
        byte[] withoutDetector =
                new ModelBaseline(
                                whole.model(),
                                whole.version(),
                                whole.digest(),
                                whole.schemaVersion(),
                                whole.layers(),
                                whole.interfaces(),
                                null,
                                whole.provenance())
                        .toBytes();
        new Fuzz<>(
                        "model-baseline",
                        ModelBaselineFuzzTest.class,
                        bytes -> new Read(bytes, ModelBaseline.fromBytes(bytes)),
                        Set.of(BaselineFormatException.class),
                        ModelBaselineFuzzTest::check,
                        FACTOR)
                // The detector is most of the bytes and has a fuzz test of its own.
                .run(List.of(withoutDetector, withoutDetector, golden), CASES);
    }

    private static void check(Read read) {
        ModelBaseline baseline = read.baseline();
        assertArrayEquals(read.bytes(), baseline.toBytes());
        assertEquals(64, baseline.id().length());
        baseline.mismatch("modèle", "1", "d1", "a", 4);
        baseline.interfaces().forEach(ModelInterface::name);
    }
}
