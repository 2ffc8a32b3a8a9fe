package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotBuilderTest {

    private static final int COLUMNS = 4;
    private static final String DIGEST = "0".repeat(64);
    private static final List<TappedOutput> TAPS =
            List.of(
                    new TappedOutput("tokens", LayerRole.HIDDEN),
                    new TappedOutput("pooled", LayerRole.EMBEDDING));

    private final AtomicLong sequence = new AtomicLong();

    @Test
    void whatFitsIsOneSnapshot() {
        List<ActivationSnapshot> snapshots = build(new int[] {2, 0, 3}, 1 << 20);

        assertEquals(1, snapshots.size());
        Layer tokens = snapshots.get(0).getLayers().get(0);
        assertEquals(List.of(0, 0, 2, 2, 2), tokens.getRowSample());
        assertEquals(5, tokens.getRows());
        assertEquals(0, tokens.getIndex());
        Layer pooled = snapshots.get(0).getLayers().get(1);
        assertNull(pooled.getRowSample());
        assertEquals(3, pooled.getRows());
        assertEquals(1, pooled.getIndex());
    }

    @Test
    void whatDoesNotFitIsSplitBySamples() {
        int[] rows = {10, 10, 10, 10, 10};
        int limit = 1200;

        List<ActivationSnapshot> snapshots = build(rows, limit);

        assertTrue(snapshots.size() > 1, "snapshots: " + snapshots.size());
        List<String> ids = new ArrayList<>();
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < snapshots.size(); i++) {
            ActivationSnapshot part = snapshots.get(i);
            assertEquals(i, part.getSequence());
            assertTrue(Wire.encode(part).length <= limit);
            part.getSamples().forEach(sample -> ids.add(sample.getId()));
            Layer tokens = part.getLayers().get(0);
            assertEquals(10 * part.getSamples().size(), tokens.getRows());
            assertEquals(
                    part.getSamples().size() - 1, tokens.getRowSample().get(tokens.getRows() - 1));
            ByteBuffer data = tokens.getData().order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                values.add(data.getFloat());
            }
        }
        assertEquals(List.of("s0", "s1", "s2", "s3", "s4"), ids);
        for (int i = 0; i < values.size(); i++) {
            assertEquals(i, values.get(i));
        }
        assertEquals(50 * COLUMNS, values.size());
    }

    @Test
    void aSampleThatDoesNotFitAloneIsRefusedWithItsSizeBeforeASequenceNumberIsUsed() {
        Exception e = assertThrows(CaptureException.class, () -> build(new int[] {1, 1000}, 4096));

        assertTrue(e.getMessage().contains("'s1'"), e.getMessage());
        assertTrue(e.getMessage().contains("4096"), e.getMessage());
        assertEquals(0, sequence.get());
    }

    @Test
    void sixteenBitTypesHalveTheData() {
        for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
            Layer layer = build(new int[] {1}, 1 << 20, type).get(0).getLayers().get(0);

            assertEquals(type, layer.getElementType());
            assertEquals(2 * COLUMNS, layer.getData().remaining());
            ByteBuffer data = layer.getData().order(ByteOrder.LITTLE_ENDIAN);
            int one = type == ElementType.FLOAT16 ? 0x3C00 : 0x3F80;
            assertEquals(0, data.getShort());
            assertEquals(one, data.getShort());
        }
    }

    private List<ActivationSnapshot> build(int[] rows, int maxBytes) {
        return build(rows, maxBytes, ElementType.FLOAT32);
    }

    @Test
    void whatAnEncodingCannotHoldIsCountedByLayer() {
        float[] values = {1, 65519, 65520, -1e6f, Float.NaN, Float.POSITIVE_INFINITY, 3.4e38f, 0};
        check(ElementType.FLOAT32, values, 0, 2);
        check(ElementType.FLOAT16, values, 3, 2);
        check(ElementType.BFLOAT16, values, 1, 2);
    }

    private static void check(ElementType type, float[] values, long overflows, long notFinite) {
        CaptureSettings settings = CaptureSettings.defaults("m", "1").withElementType(type);
        SnapshotBuilder builder = new SnapshotBuilder(settings, DIGEST, TAPS);
        int[] onePerSample = {0, 1, 2};
        List<Sample> samples =
                List.of(WholeSample.of("a", null, null, 1.0), WholeSample.of("b", null, null, 1.0));
        builder.build(
                samples,
                List.of(
                        new LayerRows(COLUMNS, onePerSample, values),
                        new LayerRows(COLUMNS, onePerSample, counting(2))),
                9,
                () -> 0);
        assertEquals(
                List.of(
                        new LayerLosses("tokens", 8, overflows, notFinite),
                        new LayerLosses("pooled", 8, 0, 0)),
                builder.losses());
    }

    private List<ActivationSnapshot> build(int[] rows, int maxBytes, ElementType type) {
        CaptureSettings settings =
                CaptureSettings.defaults("m", "1").withCaptureId("c").withElementType(type);
        List<Sample> samples = new ArrayList<>();
        int[] firstRow = new int[rows.length + 1];
        int[] onePerSample = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            samples.add(WholeSample.of("s" + i, null, null, 1.0));
            firstRow[i + 1] = firstRow[i] + rows[i];
            onePerSample[i + 1] = i + 1;
        }
        List<LayerRows> layers =
                List.of(
                        new LayerRows(COLUMNS, firstRow, counting(firstRow[rows.length])),
                        new LayerRows(COLUMNS, onePerSample, counting(rows.length)));
        return new SnapshotBuilder(settings, DIGEST, TAPS, maxBytes)
                .build(samples, layers, 9, sequence::getAndIncrement);
    }

    private static float[] counting(int rows) {
        float[] values = new float[rows * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return values;
    }
}
