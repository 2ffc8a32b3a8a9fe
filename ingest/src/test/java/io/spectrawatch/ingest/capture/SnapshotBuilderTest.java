package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.RowRange;
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
                    new TappedOutput("tokens", LayerRole.HIDDEN, "residual-pre-norm"),
                    new TappedOutput("pooled", LayerRole.EMBEDDING));

    private final AtomicLong sequence = new AtomicLong();

    @Test
    void whatFitsIsOneSnapshot() {
        List<ActivationSnapshot> snapshots = build(new int[] {2, 0, 3}, 1 << 20);

        assertEquals(1, snapshots.size());
        List<Sample> samples = snapshots.get(0).getSamples();
        assertEquals(List.of(new RowRange(0L, 2, Phase.PROMPT)), samples.get(0).getRows());
        assertEquals(List.of(), samples.get(1).getRows());
        assertEquals(List.of(new RowRange(0L, 3, Phase.PROMPT)), samples.get(2).getRows());
        Layer tokens = snapshots.get(0).getLayers().get(0);
        assertNull(tokens.getRowSample());
        assertEquals(5, tokens.getRows());
        assertEquals(0, tokens.getIndex());
        assertFalse(tokens.getPerSample());
        assertEquals("residual-pre-norm", tokens.getTap());
        Layer pooled = snapshots.get(0).getLayers().get(1);
        assertNull(pooled.getRowSample());
        assertEquals(3, pooled.getRows());
        assertEquals(1, pooled.getIndex());
        assertTrue(pooled.getPerSample());
        assertNull(pooled.getTap());
        requireFits(snapshots);
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
            part.getSamples().forEach(sample -> assertTrue(sample.getLast()));
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
    void aSampleThatDoesNotFitAloneGoesInPartsAndLosesNothing() {
        int limit = 1200;

        List<ActivationSnapshot> snapshots = build(new int[] {3, 300, 4}, limit);

        requireFits(snapshots);
        List<Float> values = new ArrayList<>();
        List<Float> pooled = new ArrayList<>();
        long next = 0;
        int part = 0;
        for (int i = 0; i < snapshots.size(); i++) {
            ActivationSnapshot each = snapshots.get(i);
            assertEquals(i, each.getSequence());
            assertTrue(Wire.encode(each).length <= limit, "bytes of record " + i);
            for (Layer layer : each.getLayers()) {
                ByteBuffer data = layer.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                while (data.hasRemaining()) {
                    (layer.getPerSample() ? pooled : values).add(data.getFloat());
                }
            }
            Sample sample = each.getSamples().get(0);
            if (sample.getId().equals("s1")) {
                assertEquals(1, each.getSamples().size());
                assertEquals(part++, sample.getPart());
                assertEquals(next, sample.getRows().get(0).getPosition());
                next += RowMap.rows(sample);
                // One row per sample: it comes once, and with the last part.
                assertEquals(sample.getLast() ? 2 : 1, each.getLayers().size());
            }
        }
        assertEquals(300, next);
        assertTrue(part > 3, "parts: " + part);
        assertEquals(307 * COLUMNS, values.size());
        for (int i = 0; i < values.size(); i++) {
            assertEquals(i, values.get(i));
        }
        assertEquals(3 * COLUMNS, pooled.size());
    }

    @Test
    void layersWithDifferentRowsAreListedAndSplitAllTheSame() {
        CaptureSettings settings = CaptureSettings.defaults("m", "1").withCaptureId("c");
        int[] many = {0, 200, 202};
        int[] few = {0, 50, 51};
        List<Sample> samples =
                List.of(WholeSample.of("a", null, null, 1.0), WholeSample.of("b", null, null, 1.0));
        List<LayerRows> layers =
                List.of(
                        new LayerRows(COLUMNS, many, positions(many), null, counting(202)),
                        new LayerRows(COLUMNS, few, positions(few), null, counting(51)));

        List<ActivationSnapshot> snapshots = new ArrayList<>();
        new SnapshotBuilder(settings, DIGEST, TAPS, 1500)
                .build(samples, layers, 9, sequence::getAndIncrement)
                .forEachRemaining(snapshots::add);

        requireFits(snapshots);
        int[] rows = new int[2];
        for (ActivationSnapshot each : snapshots) {
            assertTrue(Wire.encode(each).length <= 1500);
            assertNull(each.getSamples().get(0).getRows());
            for (Layer layer : each.getLayers()) {
                rows[layer.getIndex()] += layer.getRows();
            }
        }
        assertEquals(202, rows[0]);
        assertEquals(51, rows[1]);
        ActivationSnapshot last = snapshots.get(snapshots.size() - 1);
        assertEquals("b", last.getSamples().get(0).getId());
        assertEquals(List.of(0, 0), last.getLayers().get(0).getRowSample());
        assertNull(last.getLayers().get(1).getRowSample());
    }

    @Test
    void aRowThatDoesNotFitAloneIsRefusedWithItsSizeBeforeASequenceNumberIsUsed() {
        Exception e = assertThrows(CaptureException.class, () -> build(new int[] {1, 2}, 300));

        assertTrue(e.getMessage().contains("'s0'"), e.getMessage());
        assertTrue(e.getMessage().contains("300"), e.getMessage());
        assertEquals(0, sequence.get());
    }

    @Test
    void scatteredPositionsAreRangesOfTheirOwn() {
        LayerRows rows =
                new LayerRows(1, new int[] {0, 5}, new int[] {2, 3, 7, 9, 10}, null, counting(5));

        assertEquals(
                List.of(
                        new RowRange(2L, 2, null),
                        new RowRange(7L, 1, null),
                        new RowRange(9L, 2, null)),
                rows.rangesOf(0, 5));
        assertEquals(3, rows.ranges(0, 5));
        assertEquals(List.of(new RowRange(3L, 1, null)), rows.rangesOf(1, 2));
        assertEquals(0, rows.ranges(2, 2));
    }

    @Test
    void aPartIsNoSampleToCapture() {
        Sample part =
                Sample.newBuilder(WholeSample.of("s", null, null, 1.0)).setLast(false).build();
        LayerRows row = LayerRows.ofWholes(COLUMNS, new int[] {0, 1}, counting(1));
        SnapshotBuilder builder =
                new SnapshotBuilder(CaptureSettings.defaults("m", "1"), DIGEST, TAPS);

        Exception e =
                assertThrows(
                        CaptureException.class,
                        () -> builder.build(List.of(part), List.of(row, row), 9, () -> 0));

        assertTrue(e.getMessage().contains("'s' must be whole"), e.getMessage());
    }

    /** What every reader holds a snapshot to. */
    private static void requireFits(List<ActivationSnapshot> snapshots) {
        for (ActivationSnapshot each : snapshots) {
            RowMap map = RowMap.of(each);
            assertNull(map.violation());
            each.getLayers().forEach(layer -> assertNull(map.violation(layer)));
        }
    }

    private static int[] positions(int[] firstRow) {
        int[] positions = new int[firstRow[firstRow.length - 1]];
        for (int i = 0; i + 1 < firstRow.length; i++) {
            for (int row = firstRow[i]; row < firstRow[i + 1]; row++) {
                positions[row] = row - firstRow[i];
            }
        }
        return positions;
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
                                LayerRows.ofWholes(COLUMNS, onePerSample, values),
                                LayerRows.ofWholes(COLUMNS, onePerSample, counting(2))),
                        9,
                        () -> 0)
                .next();
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
                        new LayerRows(
                                COLUMNS,
                                firstRow,
                                positions(firstRow),
                                Phase.PROMPT,
                                counting(firstRow[rows.length])),
                        LayerRows.ofWholes(COLUMNS, onePerSample, counting(rows.length)));
        List<ActivationSnapshot> snapshots = new ArrayList<>();
        new SnapshotBuilder(settings, DIGEST, TAPS, maxBytes)
                .build(samples, layers, 9, sequence::getAndIncrement)
                .forEachRemaining(snapshots::add);
        return snapshots;
    }

    private static float[] counting(int rows) {
        float[] values = new float[rows * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return values;
    }
}
