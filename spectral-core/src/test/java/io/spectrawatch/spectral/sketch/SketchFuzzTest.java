package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Damaged sketches, with their checksums made right again in most cases. */
class SketchFuzzTest {
    private static final int CASES = 20_000;
    private static final int SEALED_FLAG_BYTE = 7;

    /** A sketch keeps its state and a block's worth of room beside it; see FrequentDirections. */
    private static final long FACTOR = 64;

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    private record Read(byte[] bytes, SecondMomentSketch sketch) implements AutoCloseable {
        @Override
        public void close() {
            sketch.close();
        }
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    @Test
    void damagedSketchesAreRefusedOrValid() throws IOException {
        List<byte[]> valid = new ArrayList<>();
        for (String name :
                List.of(
                        "v1-exact",
                        "v1-directions",
                        "v1-anchored",
                        "v1-exact-sealed",
                        "v1-directions-sealed",
                        "v2-directions",
                        "v2-anchored",
                        "v2-directions-sealed")) {
            valid.add(SketchCodecTest.golden(name));
        }
        new Fuzz<>(
                        "sketch",
                        SketchFuzzTest.class,
                        bytes -> new Read(bytes, Sketches.fromBytes(bytes, kernels)),
                        Set.of(SketchFormatException.class),
                        SketchFuzzTest::check,
                        FACTOR)
                .repairing(Fuzz::withChecksum)
                .run(valid, CASES);
    }

    /** A sketch of no rows says in 128 KB that it may keep 16,000 directions, 2 GB. */
    @Test
    void claimedSizesCostNothing() {
        int d = 16_000;
        byte[] bytes;
        try (SecondMomentSketch sketch =
                Sketches.create(
                        SketchOptions.defaults()
                                .withKind(SketchKind.FREQUENT_DIRECTIONS)
                                .withSketchRows(d),
                        d,
                        kernels)) {
            bytes = sketch.toBytes();
        }
        new Fuzz<>(
                        "claimed-sketch",
                        SketchFuzzTest.class,
                        record -> new Read(record, Sketches.fromBytes(record, kernels)),
                        Set.of(SketchFormatException.class),
                        read -> assertTrue(read.sketch().rows() == 0, "rows"),
                        FACTOR)
                .run(List.of(bytes), 1);
    }

    private static void check(Read read) {
        SecondMomentSketch sketch = read.sketch();
        if (read.bytes()[SEALED_FLAG_BYTE] % 2 == 0) {
            assertArrayEquals(read.bytes(), sketch.toBytes());
        }
        Ledger ledger = sketch.ledger();
        assertTrue(
                DoubleStream.of(
                                ledger.energy(),
                                ledger.deltaPlus(),
                                ledger.deltaMinus(),
                                ledger.roundoff())
                        .allMatch(v -> v >= 0 && v < Double.POSITIVE_INFINITY),
                ledger.toString());
        assertTrue(sketch.rows() >= 0, "rows " + sketch.rows());
        assertTrue(DoubleStream.of(sketch.mean()).allMatch(Double::isFinite), "mean");
        for (double eigenvalue : sketch.spectrum(1).eigenvalues()) {
            assertTrue(eigenvalue >= 0 && Double.isFinite(eigenvalue), "spectrum " + eigenvalue);
        }
    }
}
