package io.spectrawatch.ops.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.show.SketchHistory;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spectra drawn in a terminal. */
class SketchScreenTest {

    private final StringWriter out = new StringWriter();

    private static LayerSketch sketch(
            String layer, int minute, double entropy, Double... spectrum) {
        long end = MadeAlerts.NOON + minute * MadeAlerts.MINUTE;
        return LayerSketch.newBuilder()
                .setModelId("gpt")
                .setModelVersion("3")
                .setModelDigest("d")
                .setLayer(layer)
                .setLayerIndex(0)
                .setPaneStart(end - MadeAlerts.MINUTE)
                .setPaneEnd(end)
                .setRows(5000)
                .setColumns(4)
                .setAspectRatio(0.0008)
                .setAlgorithm("frequent-directions")
                .setSketchRows(4)
                .setAlpha(0.5)
                .setCentring("mean")
                .setLedger(new SketchLedger(9.0, 1.0, 9.0, 1500.0, 0.0))
                .setSpectrum(List.of(spectrum))
                .setDescriptors(
                        List.of(
                                new Interval(
                                        "spectral_entropy", entropy - 0.5, entropy, entropy + 0.5)))
                .setBasisVectors(0)
                .setBasis(ByteBuffer.allocate(0))
                .setManifest(MadeAlerts.manifest())
                .setSketchDigest(ByteBuffer.allocate(32))
                .setSketchChunks(0)
                .build();
    }

    private SketchScreen screen() {
        return new SketchScreen(new PrintWriter(out, true), Ink.NONE);
    }

    @Test
    void aBandIsWhatTheLedgerLeavesOpen() {
        SpectrumDrawing drawing = SpectrumDrawing.of(sketch("h", 1, 1, 991.0, 91.0, 1.0, 0.0));
        assertEquals(990, drawing.lower(0));
        assertEquals(1000, drawing.upper(0));
        assertEquals(0, drawing.lower(2));
        assertEquals(10, drawing.upper(2));
        // A decade is four rows. The first is certain to the top; the second to 90, possible to
        // 100; of the third and fourth nothing is certain, and each may be 10 or 9.
        assertEquals(
                List.of(
                        "  1.00e+03 │█",
                        "           │█",
                        "           │█",
                        "           │█",
                        "           │█▇",
                        "  5.62e+01 │██",
                        "           │██",
                        "           │██",
                        "           │██░░",
                        "           │██░░",
                        "           │██░░",
                        "  1.78e+00 │██░░",
                        "           └──── rank 1 to 4"),
                drawing.lines());
    }

    @Test
    void nothingIsDrawnOfNothing() {
        assertEquals(List.of(), SpectrumDrawing.of(sketch("h", 1, 1)).lines());
    }

    @Test
    void aLayerIsShownWithItsHistory() {
        screen().layer(
                        List.of(
                                sketch("h.0", 1, 1.0, 991.0),
                                sketch("h.0", 2, 3.0, 991.0),
                                sketch("h.0", 3, 2.0, 991.0)));
        String text = out.toString();
        assertTrue(
                text.startsWith(
                        """
                        layer              h.0
                        model              gpt version 3
                        pane               2026-03-01T12:02:00Z to 2026-03-01T12:03:00Z
                        sketch             5,000 rows of 4 columns, frequent-directions, 4 rows \
                        kept, centred by mean
                        """),
                text);
        assertTrue(text.contains("  1  9.9100e+02  [9.9000e+02, 1.0000e+03]"), text);
        assertTrue(
                text.endsWith(
                        """
                        spectral_entropy   2.000 [1.500, 2.500]  ▁█▅

                        spectral_entropy
                          2026-03-01T12:01:00Z  1.000 [0.5000, 1.500]
                          2026-03-01T12:02:00Z  3.000 [2.500, 3.500]
                          2026-03-01T12:03:00Z  2.000 [1.500, 2.500]
                        """),
                text);
    }

    @Test
    void hostileNamesAreText() {
        String evil = "\u001B]0;title\u0007\u202E" + "x".repeat(200);
        LayerSketch sketch =
                LayerSketch.newBuilder(sketch(evil, 1, 1.0, 991.0))
                        .setModelId(evil)
                        .setModelVersion(evil)
                        .setAlgorithm(evil)
                        .setCentring(evil)
                        .setDescriptors(List.of(new Interval(evil, 1.0, 1.0, 1.0)))
                        .build();
        screen().layer(List.of(sketch));
        screen().table(new SketchHistory(List.of(List.of(sketch))));
        assertFalse(
                out.toString().chars().anyMatch(c -> c < ' ' && c != '\n' || c == '\u202E'),
                out.toString());
    }
}
