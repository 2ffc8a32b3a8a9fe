package io.spectrawatch.flink.monitor.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.WholeSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrandsTest {

    private static final int[] LAYERS = {4, 5, 7, 8};

    /** A chain of the four layers. */
    private final Strands strands =
            new Strands(LAYERS.length, new int[] {0, 1, 2}, new int[] {1, 2, 3});

    private final SnapshotRows rows = new SnapshotRows();

    /**
     * @param samples per layer of the group the samples of its rows, null for one that is absent
     */
    private void find(List<List<Integer>> samples) {
        List<Layer> layers = new ArrayList<>();
        int[] places = IntStream.generate(() -> -1).limit(10).toArray();
        for (int i = samples.size() - 1; i >= 0; i--) {
            if (samples.get(i) != null) {
                places[LAYERS[i]] = layers.size();
                float[] values = new float[samples.get(i).size()];
                layers.add(
                        Layer.newBuilder(TestLog.layer("layer" + i, i, 1, values))
                                .setRowSample(samples.get(i))
                                .build());
            }
        }
        ActivationSnapshot snapshot = snapshot(layers);
        rows.begin(snapshot, RowMap.of(snapshot));
        strands.find(rows, places, LAYERS);
    }

    @Test
    void allLayersOfTheSameRowsAreWhole() {
        find(List.of(List.of(0, 1), List.of(0, 1), List.of(0, 1), List.of(0, 1)));
        assertEquals(1, strands.count());
        assertTrue(strands.joins(0));
        assertTrue(strands.isWhole());
    }

    @Test
    void twoStrandsCanBothBeJoinedWithoutBeingWhole() {
        find(List.of(List.of(0, 1), List.of(0, 1), List.of(1, 0), List.of(1, 0)));
        assertEquals(2, strands.count());
        assertTrue(strands.joins(0) && strands.joins(1));
        assertFalse(strands.isWhole());
    }

    @Test
    void layersApartInTheChainAreOfOneStrandThatNothingJoins() {
        find(List.of(List.of(0), List.of(0, 0), List.of(0), List.of(0, 0)));
        assertEquals(2, strands.count());
        assertFalse(strands.joins(0) || strands.joins(1));
    }

    @Test
    void layersAreOfOneStrandExactlyIfTheyCarryTheSameRows() {
        Random random = new Random(TestLog.seed());
        for (int round = 0; round < 500; round++) {
            List<List<Integer>> samples = new ArrayList<>();
            for (int i = 0; i < LAYERS.length; i++) {
                List<Integer> two = List.of(random.nextInt(2), random.nextInt(2));
                samples.add(random.nextInt(4) == 0 ? null : two);
            }
            find(samples);
            for (int i = 0; i < LAYERS.length; i++) {
                assertEquals(samples.get(i) != null, strand(i) >= 0, TestLog.repeat());
                for (int j = 0; samples.get(i) != null && j < LAYERS.length; j++) {
                    boolean same =
                            samples.get(j) != null
                                    && rows.map()
                                            .sameRows(
                                                    rows.layer(strands.at(i)),
                                                    rows.layer(strands.at(j)));
                    assertEquals(same, strand(i) == strand(j), TestLog.repeat());
                }
            }
        }
    }

    private static ActivationSnapshot snapshot(List<Layer> layers) {
        return ActivationSnapshot.newBuilder(TestLog.snapshot(0, TestLog.DIGEST, layers))
                .setSamples(
                        List.of(
                                WholeSample.of("a", null, null, 1),
                                WholeSample.of("b", null, null, 1)))
                .build();
    }

    private int strand(int layer) {
        return IntStream.range(0, strands.count())
                .filter(each -> strands.has(each, layer))
                .findFirst()
                .orElse(-1);
    }
}
