package io.spectrawatch.spectral.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.detect.Detector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Built of released forms alone, so its bytes are the same on every machine. {@code
 * -Dspectrawatch.golden=DIR} writes the file of this version to a folder.
 */
class ModelBaselineTest {

    private static final String GOLDEN = "model-baseline-v1.bin";
    private static final String GOLDEN_TAPS = "model-baseline-v2.bin";
    private static final String CERTIFICATE = "/io/spectrawatch/spectral/certificate/";
    private static final FrozenWindow X =
            FrozenWindow.fromBytes(read(CERTIFICATE + "window-basis-v1.bin"));
    private static final FrozenWindow Y =
            FrozenWindow.fromBytes(read(CERTIFICATE + "window-channels-v1.bin"));

    private static LayerBaseline layer(int index, String name, FrozenWindow window) {
        double[] mean = new double[window.dimension()];
        Arrays.setAll(mean, i -> i / 4.0);
        return new LayerBaseline(
                index, name, mean.length, window, mean, 7.5, new double[] {4, 2, .5});
    }

    private static ModelBaseline baseline(Detector detector, int schemaVersion) {
        InterfaceBaseline certificate =
                InterfaceBaseline.fromBytes(read(CERTIFICATE + "baseline-v1.bin"), X, Y);
        return new ModelBaseline(
                "modèle",
                "1",
                "d1",
                schemaVersion,
                List.of(layer(0, "a", X), layer(1, "b", Y), layer(1, "c", Y)),
                List.of(new ModelInterface(0, 1, certificate)),
                detector,
                new Provenance(
                        List.of(
                                new Provenance.ShardRange(0, 4, 99),
                                new Provenance.ShardRange(2, 0, 7)),
                        42,
                        320));
    }

    private static ModelBaseline baseline() {
        return baseline(
                Detector.fromBytes(read("/golden/detector-v3.bin")), ModelBaseline.SCHEMA_VERSION);
    }

    @Test
    void theGoldenFileIsReadAndWrittenUnchanged() throws Exception {
        ModelBaseline baseline = baseline();
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, GOLDEN), baseline.toBytes());
        }
        byte[] golden = read(GOLDEN);
        assertArrayEquals(golden, baseline.toBytes());
        ModelBaseline again = ModelBaseline.fromBytes(golden);
        assertArrayEquals(golden, again.toBytes());
        assertEquals(baseline.id(), again.id());
        assertEquals("a->b", again.interfaces().get(0).name());
        assertEquals(X.id(), again.layers().get(0).window().id());
        assertArrayEquals(new double[] {4, 2, .5}, again.layers().get(2).spectrum());
        assertEquals(baseline.provenance(), again.provenance());
        assertTrue(again.detector().isPresent());
    }

    private static ModelBaseline tapped(String tap, String segment) {
        ModelBaseline plain = baseline(null, ModelBaseline.SCHEMA_VERSION);
        LayerBaseline first = plain.layers().get(0);
        List<LayerBaseline> layers = new java.util.ArrayList<>(plain.layers());
        layers.set(
                0,
                new LayerBaseline(
                        first.index(),
                        first.name(),
                        first.columns(),
                        first.window(),
                        first.mean(),
                        first.energyPerRow(),
                        first.spectrum(),
                        tap));
        Provenance own = plain.provenance();
        return new ModelBaseline(
                plain.model(),
                plain.version(),
                plain.digest(),
                layers,
                plain.interfaces(),
                null,
                new Provenance(own.ranges(), own.splitSeed(), own.rows(), segment));
    }

    @Test
    void tapsAndTheSegmentComeBackAndWithoutThemNothingChanges() throws Exception {
        ModelBaseline both = tapped("mlp-output", "route=/chat");
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, GOLDEN_TAPS), both.toBytes());
        }
        byte[] golden = read(GOLDEN_TAPS);
        assertArrayEquals(golden, both.toBytes());
        ModelBaseline again = ModelBaseline.fromBytes(golden);
        assertArrayEquals(golden, again.toBytes());
        assertEquals("mlp-output", again.layers().get(0).tap());
        assertEquals(null, again.layers().get(1).tap());
        assertEquals("route=/chat", again.provenance().segment());
        assertEquals(
                "route=/chat",
                ModelBaseline.fromBytes(tapped(null, "route=/chat").toBytes())
                        .provenance()
                        .segment());
        byte[] none = tapped(null, null).toBytes();
        assertArrayEquals(baseline(null, ModelBaseline.SCHEMA_VERSION).toBytes(), none);
        assertEquals(null, ModelBaseline.fromBytes(none).layers().get(0).tap());
    }

    @Test
    void rowsTappedElsewhereAreNamed() {
        ModelBaseline baseline = tapped("mlp-output", null);
        assertTrue(baseline.tapMismatch("a", "mlp-output").isEmpty());
        assertTrue(baseline.tapMismatch("a", null).isEmpty());
        assertTrue(baseline.tapMismatch("b", "attention-output").isEmpty());
        assertTrue(baseline.tapMismatch("unknown", "attention-output").isEmpty());
        String reason = baseline.tapMismatch("a", "attention-output").orElseThrow();
        assertTrue(
                reason.endsWith("tap of layer a mlp-output expected, found attention-output"),
                reason);
    }

    @Test
    void theIdIsTheHashOfTheBytesAndChangesWithThem() throws Exception {
        ModelBaseline baseline = baseline();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(baseline.toBytes());
        assertEquals(HexFormat.of().formatHex(hash), baseline.id());
        assertNotEquals(baseline.id(), baseline(null, ModelBaseline.SCHEMA_VERSION).id());
    }

    @Test
    void otherModelsWidthsAndSchemasAreNamed() {
        ModelBaseline baseline = baseline();
        assertTrue(baseline.mismatch("modèle", "1", "d1").isEmpty());
        assertTrue(baseline.mismatch("modèle", "1", "d1", "a", 4).isEmpty());
        assertTrue(baseline.mismatch("modèle", "1", "d1", "unknown", 9).isEmpty());
        assertReason("model modèle expected, found other", "other", "1", "d1", "a", 4);
        assertReason("version of model modèle 1 expected, found 2", "modèle", "2", "d1", "a", 4);
        assertReason("digest of modèle 1 d1 expected, found d2", "modèle", "1", "d2", "a", 4);
        assertReason("columns of layer a 4 expected, found 5", "modèle", "1", "d1", "a", 5);
        ModelBaseline later =
                ModelBaseline.fromBytes(baseline(null, ModelBaseline.SCHEMA_VERSION + 1).toBytes());
        String reason = later.mismatch("modèle", "1", "d1", "a", 4).orElseThrow();
        assertTrue(reason.endsWith("schema version 2 expected, found 1"), reason);
    }

    private static void assertReason(
            String end, String model, String version, String digest, String layer, int columns) {
        String reason = baseline().mismatch(model, version, digest, layer, columns).orElseThrow();
        assertTrue(reason.endsWith(end), reason);
        assertTrue(reason.contains(baseline().id()), reason);
    }

    @Test
    void bytesThatAreNoBaselineAreRefused() {
        byte[] bytes = baseline(null, ModelBaseline.SCHEMA_VERSION).toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(
                    BaselineFormatException.class,
                    () -> ModelBaseline.fromBytes(cut),
                    "length " + length);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(BaselineFormatException.class, () -> ModelBaseline.fromBytes(longer));
        byte[] unknown = bytes.clone();
        unknown[7] = 3;
        BaselineFormatException e =
                assertThrows(BaselineFormatException.class, () -> ModelBaseline.fromBytes(unknown));
        assertEquals("baseline bytes: known versions 1, 2, found 3", e.getMessage());
    }

    @Test
    void layersAndInterfacesMustFormAChain() {
        Provenance none = new Provenance(List.of(), 0, 0);
        InterfaceBaseline certificate =
                InterfaceBaseline.fromBytes(read(CERTIFICATE + "baseline-v1.bin"), X, Y);
        LayerBaseline a = layer(0, "a", X);
        LayerBaseline b = layer(1, "b", Y);
        assertThrows(IllegalArgumentException.class, () -> of(List.of(b, a), List.of(), none));
        assertThrows(
                IllegalArgumentException.class,
                () -> of(List.of(a, layer(1, "a", Y)), List.of(), none));
        ModelInterface joined = new ModelInterface(0, 1, certificate);
        assertEquals("a->b", of(List.of(a, b), List.of(joined), none).interfaces().get(0).name());
        assertThrows(
                IllegalArgumentException.class,
                () -> of(List.of(a, b), List.of(joined, joined), none));
        assertThrows(
                IllegalArgumentException.class,
                () -> of(List.of(a, layer(1, "other", Y)), List.of(joined), none));
        assertThrows(
                IllegalArgumentException.class,
                () -> of(List.of(a, b), List.of(new ModelInterface(1, 0, certificate)), none));
    }

    private static ModelBaseline of(
            List<LayerBaseline> layers, List<ModelInterface> interfaces, Provenance provenance) {
        return new ModelBaseline("m", "1", "d", layers, interfaces, null, provenance);
    }

    private static byte[] read(String name) {
        try (InputStream in = ModelBaselineTest.class.getResourceAsStream(name)) {
            assertNotNull(in, "no file " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }
}
