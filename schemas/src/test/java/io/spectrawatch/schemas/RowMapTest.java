package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowMapTest {

    private final ActivationSnapshot listed = Samples.snapshot();
    private final ActivationSnapshot ranged = Samples.ranged();

    @Test
    void rangesAndListsSayTheSame() {
        for (int layer = 0; layer < 2; layer++) {
            Layer one = listed.getLayers().get(layer);
            Layer other = ranged.getLayers().get(layer);
            assertArrayEquals(
                    RowMap.of(listed).owners(one), RowMap.of(ranged).owners(other), one.getName());
        }
        assertArrayEquals(new int[] {0, 0, 1}, RowMap.of(ranged).owners(ranged.getLayers().get(0)));
        assertTrue(RowMap.of(ranged).ranged());
        assertFalse(RowMap.of(listed).ranged());
    }

    @Test
    void layersThatFollowTheRangesShareOneMap() {
        RowMap map = RowMap.of(ranged);
        Layer tokens = ranged.getLayers().get(0);
        Layer other = Layer.newBuilder(tokens).setName("h.1").setIndex(4).build();

        assertSame(map.owners(tokens), map.owners(other));
        assertTrue(map.sameRows(tokens, other));
        assertFalse(map.sameRows(tokens, ranged.getLayers().get(1)));
    }

    @Test
    void listsOfEqualContentAreTheSameRows() {
        Layer tokens = listed.getLayers().get(0);
        Layer equal = Layer.newBuilder(tokens).setRowSample(List.of(0, 0, 1)).build();
        Layer different = Layer.newBuilder(tokens).setRowSample(List.of(0, 1, 1)).build();
        RowMap map = RowMap.of(listed);

        assertTrue(map.sameRows(tokens, equal));
        assertFalse(map.sameRows(tokens, different));
    }

    @Test
    void theOneRowOfEachSampleIsFound() {
        Layer tokens = listed.getLayers().get(0);
        Layer turned = Layer.newBuilder(tokens).setRows(2).setRowSample(List.of(1, 0)).build();
        Layer one = Layer.newBuilder(tokens).setRows(1).setRowSample(List.of(1)).build();
        RowMap map = RowMap.of(listed);

        assertArrayEquals(new int[] {1, 0}, map.rowOfEach(turned));
        assertArrayEquals(new int[] {-1, 0}, map.rowOfEach(one));
        assertNull(map.rowOfEach(tokens));
        assertArrayEquals(new int[] {0, 1}, RowMap.of(ranged).rowOfEach(ranged.getLayers().get(1)));
    }

    @Test
    void aPartWithoutRowsIsAllowed() {
        Sample end = Sample.newBuilder(ranged.getSamples().get(1)).setRows(List.of()).build();
        ActivationSnapshot snapshot = withSamples(ranged.getSamples().get(0), end);
        RowMap map = RowMap.of(snapshot);

        assertNull(map.violation());
        assertEquals(2, map.expectedRows(snapshot.getLayers().get(0)));
        assertEquals(2, map.expectedRows(snapshot.getLayers().get(1)));
    }

    @Test
    void whatSaysNothingIsNamed() {
        assertNull(RowMap.of(ranged).violation());
        assertNull(RowMap.of(listed).violation());
        assertEquals(
                "rows must be given for all samples or for none, found them missing in samples[1]",
                violation(Sample.newBuilder(ranged.getSamples().get(1)).setRows(null)));
        assertEquals(
                "samples[1].rows[0].rows must be 1 or more, found 0",
                violation(with(new RowRange(0L, 0, null))));
        assertEquals(
                "samples[1].rows[0].position must be 0..281474976710656, found -1",
                violation(with(new RowRange(-1L, 1, null))));
        assertEquals(
                "samples[1].rows[1].position must be 5..281474976710656, found 4",
                violation(with(new RowRange(0L, 5, null), new RowRange(4L, 1, null))));
        assertEquals(
                "rows of all samples must be at most 2147483647, found 2147483649",
                violation(with(new RowRange(0L, Integer.MAX_VALUE, null))));
    }

    @Test
    void aLayerThatDoesNotFitTheSamplesIsNamed() {
        Layer tokens = ranged.getLayers().get(0);
        assertNull(RowMap.of(ranged).violation(tokens));
        assertNull(RowMap.of(ranged).violation(ranged.getLayers().get(1)));
        assertEquals(
                "the rows that the samples say: expected 3 rows, found 2",
                violation(ranged, Layer.newBuilder(tokens).setRows(2)));
        assertEquals(
                "rowSample must be absent where samples say their rows, found 3 entries",
                violation(ranged, Layer.newBuilder(tokens).setRowSample(List.of(0, 0, 1))));
        assertEquals(
                "perSample must be false where samples do not say their rows, found true",
                violation(listed, Layer.newBuilder(tokens).setPerSample(true)));
        Layer old = listed.getLayers().get(0);
        assertEquals(
                "one row per sample: expected 2 rows, found 3",
                violation(listed, Layer.newBuilder(old).setRowSample(null)));
        assertEquals(
                "one rowSample per row: expected 2 rows, found 3",
                violation(listed, Layer.newBuilder(old).setRowSample(List.of(0, 1))));
        assertEquals(
                "rowSample[2] must be in 0..1, found 2",
                violation(listed, Layer.newBuilder(old).setRowSample(List.of(0, 0, 2))));
    }

    private Sample.Builder with(RowRange... ranges) {
        return Sample.newBuilder(ranged.getSamples().get(1)).setRows(List.of(ranges));
    }

    private String violation(Sample.Builder second) {
        return RowMap.of(withSamples(ranged.getSamples().get(0), second.build())).violation();
    }

    private static String violation(ActivationSnapshot snapshot, Layer.Builder layer) {
        return RowMap.of(snapshot).violation(layer.build());
    }

    private ActivationSnapshot withSamples(Sample... samples) {
        return ActivationSnapshot.newBuilder(ranged)
                .setSamples(new ArrayList<>(List.of(samples)))
                .build();
    }
}
