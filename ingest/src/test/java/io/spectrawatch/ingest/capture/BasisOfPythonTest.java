package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.basis.InputBasis;
import io.spectrawatch.spectral.onnx.OnnxGraphBuilder;
import io.spectrawatch.spectral.onnx.OnnxType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A basis that Python wrote, and what its tap made of inputs. {@code ingest/python/tests/golden.py}
 * makes them.
 */
class BasisOfPythonTest {

    private static byte[] read(String name) throws IOException {
        try (InputStream in = BasisOfPythonTest.class.getResourceAsStream("/python/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void javaComesToTheSameCoordinates() throws IOException {
        byte[] bytes = read("basis-1.bin");
        InputBasis basis = InputBasis.fromBytes(bytes);
        assertArrayEquals(bytes, basis.toBytes());
        assertEquals(6, basis.columns());
        assertEquals(4, basis.published());
        String text = new String(read("basis-1.txt"), StandardCharsets.US_ASCII);
        assertEquals(4, text.lines().count());
        for (String line : text.lines().toList()) {
            double[] numbers =
                    Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
            float[] row = new float[6];
            double length = 10;
            for (int j = 0; j < 6; j++) {
                row[j] = (float) numbers[j];
                length += Math.abs(numbers[j]);
            }
            float[] found = basis.coordinates(row, 6);
            for (int i = 0; i < 4; i++) {
                assertEquals(numbers[6 + i], found[i], 1e-6 * length, line);
            }
        }
    }

    @Test
    void anInputIsPublishedInItsBasisAndNothingElseIs() throws IOException {
        InputBasis basis = InputBasis.fromBytes(read("basis-1.bin"));
        byte[] model =
                new OnnxGraphBuilder("negated")
                        .input("x", OnnxType.FLOAT, -1, 6)
                        .node("Neg", List.of("x"), "y")
                        .output("y", OnnxType.FLOAT, -1, 6)
                        .toBytes();
        TappedOutput x = new TappedOutput("x", LayerRole.HIDDEN).in(basis);
        try (ModelTap tap = ModelTap.open(model, List.of(x), 1)) {
            TappedOutput own = tap.taps().get(0);
            assertEquals(LayerRole.INPUT, own.role());
            assertEquals(basis.tap(), own.tap());
            float[] row = {1, 2, 3, 4, 5, 6};
            LayerRows rows = own.published(LayerRows.ofOnePerSample(6, row));
            assertEquals(4, rows.columns());
            assertArrayEquals(basis.coordinates(row, 6), rows.values());
            LayerRows narrow = LayerRows.ofOnePerSample(3, row);
            assertThrows(CaptureException.class, () -> own.published(narrow));
        }
        List<TappedOutput> y = List.of(new TappedOutput("y", LayerRole.HIDDEN).in(basis));
        String message =
                assertThrows(CaptureException.class, () -> ModelTap.open(model, y, 1)).getMessage();
        assertEquals("a basis is for an input of the model, found one for 'y'", message);
    }
}
