package io.spectrawatch.schemas;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One fixed record of every type, the content of the golden files. */
final class Samples {

    private Samples() {}

    static Map<String, SpecificRecord> all() {
        Map<String, SpecificRecord> records = new LinkedHashMap<>();
        for (SpecificRecord sample :
                List.of(
                        snapshot(),
                        new Tick(1_000_000L, 60_000_000L, 10_000_000L, 2, 4, 17L),
                        new Activate("m", "1", "sha256:ab", 60_000_000L, "alice"),
                        layerSketch(),
                        new SketchChunk(bytes(32), 0, 1, bytes(5)),
                        alert(),
                        new LayerCatalogueEntry("m", "1", "ab12", "h.0", 1, "HIDDEN", 2))) {
            records.put(sample.getSchema().getName(), sample);
        }
        return records;
    }

    static ActivationSnapshot snapshot() {
        Layer tokens =
                new Layer(
                        "h.0",
                        0,
                        LayerRole.HIDDEN,
                        3,
                        2,
                        ElementType.FLOAT16,
                        List.of(0, 0, 1),
                        bytes(12));
        Layer pooled =
                new Layer("out", 1, LayerRole.EMBEDDING, 2, 1, ElementType.FLOAT32, null, bytes(8));
        return new ActivationSnapshot(
                "m",
                "1",
                "ab12",
                "host-1-0",
                7L,
                1_700_000_000_000_000L,
                List.of(new Sample("r1", "c", null, 1.0), new Sample("r2", null, "t", 2.5)),
                List.of(tokens, pooled));
    }

    private static LayerSketch layerSketch() {
        return new LayerSketch(
                "m",
                "1",
                "ab12",
                "h.0",
                0,
                0L,
                60_000_000L,
                3L,
                2,
                2.0 / 3,
                "exact",
                2,
                0.0,
                "mean",
                new SketchLedger(0.0, 0.0, 0.0, 4.5, 1e-15),
                List.of(3.0, 1.5),
                List.of(new Interval("energy", 4.5, 4.5, 4.5)),
                1,
                bytes(8),
                manifest(),
                bytes(32),
                1);
    }

    private static Manifest manifest() {
        return new Manifest(
                List.of(new ShardInput(0, 3L, 5L, 6L, 2L, 3L, bytes(32))),
                null,
                new NumericConfig("host", "OpenBLAS", "0.3.31", "SKYLAKEX", "cpu", 1, 64, "17"));
    }

    private static Alert alert() {
        return new Alert(
                "a1",
                "CERTIFICATE_DRIFT",
                AlertTransition.RAISED,
                "m",
                "1",
                "h.0",
                "test-1",
                0L,
                60_000_000L,
                null,
                new Interval("e", 1.0, 2.0, 3.0),
                0.5,
                "none",
                "text",
                Map.of("k", "v"),
                manifest());
    }

    private static ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) count);
        return ByteBuffer.wrap(bytes);
    }
}
