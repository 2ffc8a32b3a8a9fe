package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Samples that a detector was not made for are in one count each, with the reason. */
class UnscoredSamplesTest {

    private static final String OWN = "residual-post-norm";
    private static final String OTHER = "mlp-output";
    private static final ModelBaseline BASELINE =
            ChainModel.tapped(new ChainModel().whole(11), OWN);

    private final Random random = new Random(TestLog.seed());
    private final TestLog log =
            new TestLog(1).tickAll(0).activateAll(MemoryBaselines.add(BASELINE), 0);

    private static MonitorConfig config() {
        return Harnesses.config(1, "detect.scores.share=1");
    }

    private ActivationSnapshot snapshot(String tap, int at) {
        return ChainModel.tapped(new ChainModel().snapshot(at, random), tap);
    }

    private ScoreSummary counts() throws Exception {
        return Harnesses.summaries(config(), log.records()).stream()
                .filter(each -> each.isEntry(EntryId.Kind.SCORES))
                .map(each -> ScoreSummary.fromBytes(each.payload()))
                .findFirst()
                .orElseThrow();
    }

    private List<SampleScores> scores() throws Exception {
        List<SampleScores> scores = new ArrayList<>();
        for (OutputRecord each :
                Harnesses.of(Topics.SCORES, Harnesses.records(config(), log.records()))) {
            scores.add(Wire.decode(each.value(), SampleScores.class));
        }
        return scores;
    }

    @Test
    void everySampleIsScoredOrCountedByItsReason() throws Exception {
        int[] sent = new int[3];
        for (int i = 0; i < 30; i++) {
            ActivationSnapshot snapshot = snapshot(i % 3 == 0 ? OTHER : i % 2 == 0 ? OWN : null, i);
            boolean part = i % 5 == 1;
            if (part) {
                List<Layer> layers = snapshot.getLayers().subList(0, 2);
                snapshot = ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
            }
            // what is tapped elsewhere is not looked at any further
            sent[i % 3 == 0 ? 0 : part ? 1 : 2] += snapshot.getSamples().size();
            log.add(0, snapshot);
        }
        log.tickAll(3 * TestLog.PANE);
        ScoreSummary counts = counts();
        assertArrayEquals(new long[] {sent[0], sent[1]}, counts.left(), TestLog.repeat());
        assertEquals(sent[2], counts.samples(), TestLog.repeat());
        assertEquals(0, counts.incomplete());
        assertEquals(sent[2], scores().size());
    }

    @Test
    void aSampleOfWhichAPartIsTappedElsewhereIsIncompleteAndInNoOtherCount() throws Exception {
        for (int i = 0; i < 3; i++) {
            log.add(0, part(i, i == 1 ? OTHER : OWN));
        }
        log.tickAll(3 * TestLog.PANE);
        ScoreSummary counts = counts();
        assertEquals(1, counts.incomplete());
        assertEquals(0, counts.samples());
        assertArrayEquals(new long[2], counts.left());
        SampleScores only = scores().get(0);
        assertEquals("MISSING_PART", only.getIncomplete());
        assertEquals(3, only.getParts());
        assertTrue(only.getRows() > 0, only.toString());
    }

    /** The rows of a snapshot as a part of one sample of three. */
    private ActivationSnapshot part(int number, String tap) {
        ActivationSnapshot drawn = snapshot(tap, number);
        int rows = drawn.getLayers().get(0).getRows();
        Sample sample =
                Sample.newBuilder()
                        .setId("long")
                        .setPart(number)
                        .setLast(number == 2)
                        .setRows(List.of(new RowRange(100L * number, rows, null)))
                        .build();
        List<Layer> layers = new ArrayList<>();
        for (Layer each : drawn.getLayers()) {
            layers.add(Layer.newBuilder(each).setRowSample(null).build());
        }
        return ActivationSnapshot.newBuilder(drawn)
                .setSamples(List.of(sample))
                .setLayers(layers)
                .build();
    }
}
