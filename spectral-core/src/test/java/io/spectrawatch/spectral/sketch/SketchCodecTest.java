package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden files were written by {@link #sample} on one processor; another one rounds its
 * products differently, so they are read and written back, not recomputed.
 */
class SketchCodecTest {
    private static final int D = 5;

    /** The exponent's byte of the last loss: header, mean, two squares, five losses. */
    private static final int LAST_LOSS = 160 + 8 * (5 + 2 + 5) - 1;

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    static SecondMomentSketch sample(String name, Kernels kernels) {
        SketchOptions options = SketchOptions.defaults().withSketchRows(2).withBlockRows(4);
        List<double[]> rows = Streams.DECAYING.rows(new Random(17), 30, D);
        SecondMomentSketch sketch =
                switch (name) {
                    case "exact" -> Sketches.create(options.withKind(SketchKind.EXACT), D, kernels);
                    case "rounding" ->
                            Sketches.create(
                                    options.withKind(SketchKind.EXACT).withRounding(1e-5),
                                    D,
                                    kernels);
                    case "directions" ->
                            Sketches.create(
                                    options.withKind(SketchKind.FREQUENT_DIRECTIONS), D, kernels);
                    default ->
                            Sketches.anchored(
                                    options.withKind(SketchKind.FREQUENT_DIRECTIONS)
                                            .withProbes(3, 99)
                                            .withDecay(0.75),
                                    D,
                                    kernels,
                                    new Anchor("baseline-7", new double[] {1, 2, 3, 4, 5}));
                };
        SecondMomentSketchContract.feed(sketch, rows, 4);
        return sketch;
    }

    static byte[] golden(String name) throws IOException {
        try (InputStream in =
                SketchCodecTest.class.getResourceAsStream("/golden/sketch-" + name + ".bin")) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1-exact",
                "v1-directions",
                "v1-anchored",
                "v2-directions",
                "v2-anchored",
                "v3-rounding"
            })
    void readsReleasedVersions(String name) throws IOException {
        byte[] bytes = golden(name);
        try (SecondMomentSketch read = Sketches.fromBytes(bytes, kernels);
                SecondMomentSketch computed = sample(name.substring(3), kernels)) {
            assertArrayEquals(bytes, read.toBytes());
            assertEquals(30, read.rows());
            assertEquals(computed.kind(), read.kind());
            assertEquals(computed.options(), read.options());
            assertEquals(computed.anchor(), read.anchor());
            assertArrayEquals(computed.mean(), read.mean(), 1e-13);
            assertEquals(computed.energy(), read.energy(), 1e-12 * read.energy());
            assertEquals(computed.ledger().shed(), read.ledger().shed(), 1e-12 * read.energy());
            assertArrayEquals(
                    computed.spectrum(2).eigenvalues(),
                    read.spectrum(2).eigenvalues(),
                    1e-12 * read.energy());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1-exact-sealed", "v1-directions-sealed", "v2-directions-sealed"})
    void readsSealedVersions(String name) throws IOException {
        try (SecondMomentSketch read = Sketches.fromBytes(golden(name), kernels)) {
            assertEquals(30, read.rows());
            assertTrue(read.ledger().deltaMinus() > 0);
            assertEquals(
                    read.energy(), energyOf(read) + read.ledger().shed(), 1e-12 * read.energy());
        }
    }

    @Test
    void whatBeganInVersionOneGoesOnInVersionOne() throws IOException {
        List<double[]> more = Streams.WHITE.rows(new Random(4), 12, D);
        try (SecondMomentSketch old = Sketches.fromBytes(golden("v1-directions"), kernels);
                SecondMomentSketch recent = sample("directions", kernels)) {
            assertEquals(0, old.spectrum(0).losses().length);
            assertEquals(5, recent.spectrum(0).losses().length);
            SecondMomentSketchContract.feed(old, more, 4);
            recent.merge(old);
            assertEquals(1, old.toBytes()[4]);
            assertEquals(1, recent.toBytes()[4]);
        }
    }

    private static double energyOf(SecondMomentSketch sketch) {
        DoubleBuffer moment = Workspace.allocate(D * D);
        sketch.momentInto(moment);
        double trace = 0;
        for (int i = 0; i < D; i++) {
            trace += moment.get(i * (D + 1));
        }
        return trace;
    }

    @Test
    void refusesOtherVersionsKindsAndDamage() throws IOException {
        byte[] good = golden("v1-directions");
        assertRefused(changed(good, 0, 9), "not a sketch");
        assertRefused(changed(good, 4, 2), "1 to d in version 2");
        assertRefused(changed(good, 4, 4), "known versions 1 to 3, found 4");
        assertRefused(changed(good, 4, 3), "no rounding but");
        assertRefused(changed(golden("v1-exact"), 4, 3), "no rounding but");
        assertRefused(changed(golden("v3-rounding"), 4, 1), "no rounding but");
        assertRefused(changed(golden("v3-rounding"), 5, 2), "no rounding but");
        assertRefused(changed(golden("v3-rounding"), 71, 0x40), "rounding: 0 to 0.001");
        assertRefused(changed(good, 56, 1), "no losses in version 1");
        byte[] losses = golden("v2-directions");
        assertRefused(changed(losses, 56, 4), "found " + losses.length);
        assertRefused(changed(losses, 56, 6), "1 to d");
        assertRefused(changed(losses, LAST_LOSS, 0x7f), "losses descending");
        assertRefused(changed(losses, 4, 1), "no losses in version 1");
        assertRefused(changed(golden("v1-exact"), 4, 2), "1 to d in version 2");
        assertRefused(changed(good, 5, 3), "kind 1 or 2");
        assertRefused(changed(good, 7, 64), "flags");
        assertRefused(changed(good, 6, 1), "contradicts the options");
        assertRefused(changed(good, 6, 7), "requested kind");
        assertRefused(changed(good, 8, 6), "found " + good.length);
        assertRefused(changed(good, 31, 0x40), "alpha");
        byte[] flipped = good.clone();
        flipped[200] ^= 1;
        assertRefused(flipped, "checksum");
        assertRefused(Arrays.copyOf(good, 20), "not a sketch");
        assertRefused(new byte[0], "not a sketch");
    }

    /** Changes one byte and makes the checksum right again. */
    private static byte[] changed(byte[] good, int at, int value) {
        byte[] bytes = good.clone();
        bytes[at] = (byte) value;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        return bytes;
    }

    private void assertRefused(byte[] bytes, String found) {
        SketchFormatException e =
                assertThrows(SketchFormatException.class, () -> Sketches.fromBytes(bytes, kernels));
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }
}
