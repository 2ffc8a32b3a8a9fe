package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Phase;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class RowSelectorTest {

    /** Two samples: [CLS] 1 2 3 [SEP] and [CLS] 7 [SEP] [PAD] [PAD]; one column. */
    private static final TokenBatch BATCH =
            new TokenBatch(
                    2,
                    5,
                    new long[10],
                    new long[] {1, 1, 1, 1, 1, 1, 1, 1, 0, 0},
                    new long[10],
                    new long[] {1, 0, 0, 0, 1, 1, 0, 1, 1, 1});

    private static final TensorData TOKENS =
            tensor(new long[] {2, 5, 1}, 90, 1, 2, 3, 91, 92, 7, 93, 94, 95);

    private static final RowSelection ALL = RowSelection.defaults();

    @Test
    void eachTokenOfTheText() {
        LayerRows rows = select(ALL);

        assertArrayEquals(new float[] {1, 2, 3, 7}, rows.values());
        assertArrayEquals(new int[] {0, 3, 4}, rows.firstRow());
        assertArrayEquals(new int[] {1, 2, 3, 1}, rows.positions());
        assertEquals(Phase.PROMPT, rows.phase());
    }

    @Test
    void positionsDoNotCountPaddingWhereverItStands() {
        TokenBatch left =
                new TokenBatch(
                        1,
                        4,
                        new long[4],
                        new long[] {0, 0, 1, 1},
                        new long[4],
                        new long[] {1, 1, 0, 0});
        LayerRows rows =
                new RowSelector(ALL).select(tensor(new long[] {1, 4, 1}, 9, 9, 1, 2), 1, left);

        assertArrayEquals(new float[] {1, 2}, rows.values());
        assertArrayEquals(new int[] {0, 1}, rows.positions());
    }

    @Test
    void rowsOfArraysHavePlacesAndNoPhase() {
        LayerRows rows =
                new RowSelector(ALL).select(tensor(new long[] {1, 3, 1}, 1, 2, 3), 1, null);

        assertArrayEquals(new int[] {0, 1, 2}, rows.positions());
        assertNull(rows.phase());
    }

    @Test
    void specialTokensOnRequest() {
        assertArrayEquals(
                new float[] {90, 1, 2, 3, 91, 92, 7, 93},
                select(ALL.withSpecialTokens(true)).values());
    }

    @Test
    void meanAndLast() {
        assertArrayEquals(
                new float[] {2, 7}, select(ALL.withTokens(RowSelection.Tokens.MEAN)).values());
        assertArrayEquals(
                new float[] {3, 7}, select(ALL.withTokens(RowSelection.Tokens.LAST)).values());
    }

    @Test
    void theCapSpreadsOverTheText() {
        assertArrayEquals(new float[] {1, 2, 7}, select(ALL.withMaxRowsPerSample(2)).values());
        assertArrayEquals(new int[] {1, 2, 1}, select(ALL.withMaxRowsPerSample(2)).positions());
        assertArrayEquals(new float[] {1, 7}, select(ALL.withMaxRowsPerSample(1)).values());
    }

    @Test
    void aTextWithoutTokensGivesNoRow() {
        TokenBatch empty =
                new TokenBatch(
                        1, 2, new long[2], new long[] {1, 1}, new long[2], new long[] {1, 1});
        for (RowSelection.Tokens tokens : RowSelection.Tokens.values()) {
            LayerRows rows =
                    new RowSelector(ALL.withTokens(tokens))
                            .select(tensor(new long[] {1, 2, 1}, 1, 2), 1, empty);
            assertEquals(0, rows.rows(), tokens.name());
        }
    }

    @Test
    void featureMapsArePooledOrFlattened() {
        TensorData maps = tensor(new long[] {2, 2, 1, 2}, 1, 3, 10, 30, 5, 7, 50, 70);

        LayerRows pooled = new RowSelector(ALL).select(maps, 2, null);
        LayerRows flat =
                new RowSelector(ALL.withFeatureMaps(RowSelection.FeatureMaps.FLATTEN))
                        .select(maps, 2, null);

        assertEquals(2, pooled.columns());
        assertArrayEquals(new float[] {2, 20, 6, 60}, pooled.values());
        assertNull(pooled.positions());
        assertEquals(4, flat.columns());
        assertArrayEquals(new float[] {1, 3, 10, 30, 5, 7, 50, 70}, flat.values());
    }

    @Test
    void eachPositionOfAFeatureMapIsARow() {
        TensorData maps = tensor(new long[] {2, 2, 1, 3}, 1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60);
        RowSelection each = ALL.withFeatureMaps(RowSelection.FeatureMaps.EACH);

        LayerRows rows = new RowSelector(each).select(maps, 2, null);
        LayerRows fewer = new RowSelector(each.withMaxRowsPerSample(2)).select(maps, 2, null);

        assertEquals(2, rows.columns());
        assertArrayEquals(new float[] {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60}, rows.values());
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, rows.positions());
        assertNull(rows.phase());
        assertArrayEquals(new float[] {1, 10, 2, 20, 4, 40, 5, 50}, fewer.values());
        assertArrayEquals(new int[] {0, 1, 0, 1}, fewer.positions());
    }

    @Test
    void aTensorWithoutARowPerSampleIsRefused() {
        Exception e =
                assertThrows(
                        CaptureException.class,
                        () ->
                                new RowSelector(ALL)
                                        .select(tensor(new long[] {3, 1}, 1, 2, 3), 2, null));

        assertTrue(e.getMessage().contains("t[3, 1]"), e.getMessage());
    }

    private static LayerRows select(RowSelection selection) {
        return new RowSelector(selection).select(TOKENS, 2, BATCH);
    }

    private static TensorData tensor(long[] shape, float... values) {
        return new TensorData("t", shape, FloatBuffer.wrap(values), false);
    }
}
