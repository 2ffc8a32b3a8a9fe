package io.spectrawatch.flink.monitor.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import io.spectrawatch.flink.log.FormContract;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a bucket keeps of surges, and what jobs of before kept of them. */
public class SurgeStateTest {

    private static final Pane FIRST = new Pane(0, 10);
    private static final Pane SECOND = new Pane(10, 20);
    private static final ModelKey A = new ModelKey("a/b", "1", "abc");
    private static final ModelKey B = new ModelKey("b", "1", "def");

    private final ChunkedState state = new ChunkedState(new FakeMapState());
    private final SurgeState surges = new SurgeState(state, 2);

    private static BeatSummary beat(long beat, Pane pane, ModelKey model) {
        return new BeatSummary(
                1, beat, pane, model, "baseline", new BeatCounts(200, 190, 3, 3), List.of());
    }

    private static OpenSurge open(Pane pane, ModelKey model) {
        return OpenSurge.open(beat(0, pane, model), Harnesses.config(2).detection().surge());
    }

    /** Two beats that are taken, the evidence of which is overwhelming, and a raised alert. */
    public static OpenSurge fired(Pane pane, ModelKey model) {
        OpenSurge open = open(pane, model);
        for (int beat = 1; !open.fired(); beat++) {
            open.add(beat(beat, pane, model));
            open.take(beat);
        }
        open.raise();
        open.add(beat(90, pane, model));
        return open;
    }

    /** Beats that are not taken. */
    public static OpenSurge waiting(Pane pane, ModelKey model) {
        OpenSurge open = open(pane, model);
        open.add(beat(92, pane, model));
        open.add(beat(91, pane, model));
        return open;
    }

    private static List<OpenSurge> all() {
        return List.of(fired(FIRST, A), waiting(FIRST, B), waiting(SECOND, A));
    }

    /** The one entry of a bucket, as jobs of before wrote it. */
    private static byte[] whole() {
        ByteWriter out = StateForm.writer(0x53575355, 1, 64);
        out.int32(2).int64(41).int64(Long.MIN_VALUE).int32(all().size());
        all().forEach(each -> each.write(out));
        return out.toBytes();
    }

    private static String hex(OpenSurge surge) {
        ByteWriter out = StateForm.writer(0, 0, 64);
        surge.write(out);
        return Harnesses.hex(out.toBytes());
    }

    @Test
    void theEntryOfJobsOfBeforeIsSplit() throws Exception {
        String golden = FormContract.golden("surges-1", whole());
        state.put(SurgeState.WHOLE, HexFormat.of().parseHex(golden));
        state.put("other", new byte[] {1});

        ModelSurges ofA = surges.of(A);
        assertNull(state.get(SurgeState.WHOLE));
        assertEquals(
                Set.of("other", "surge-beats", "surge/a%2Fb/1/abc", "surge/b/1/def"),
                new TreeSet<>(state.names()));
        assertEquals(hex(fired(FIRST, A)), hex(ofA.of(FIRST)));
        assertEquals(hex(waiting(SECOND, A)), hex(ofA.of(SECOND)));
        assertEquals(hex(waiting(FIRST, B)), hex(surges.of(B).of(FIRST)));
        SurgeBeats beats = surges.beats();
        assertEquals(Long.MIN_VALUE, beats.complete());
        beats.take(1, 30);
        assertEquals(30, beats.complete());
    }

    @Test
    void whicheverIsAskedForFirst() throws Exception {
        state.put(SurgeState.WHOLE, whole());
        assertEquals(2, surges.all().size());
        state.remove("surge-beats");
        state.put(SurgeState.WHOLE, whole());
        surges.beats().take(1, 41);
        assertTrue(state.names().contains("surge-beats"));
    }

    @Test
    void aBucketOfAnotherNumberOfShardsIsRefused() throws Exception {
        state.put(SurgeState.WHOLE, whole());
        SurgeState other = new SurgeState(state, 3);
        IllegalStateException e = assertThrows(IllegalStateException.class, other::beats);
        assertTrue(e.getMessage().contains("the beats of 3 shards, found 2"), e.getMessage());
        assertThrows(
                IllegalStateException.class,
                () -> SurgeBeats.fromBytes(new SurgeBeats(2).toBytes(), 3));
    }

    @Test
    void aModelWithoutOpenPanesHasNoEntry() throws Exception {
        ModelSurges own = surges.of(A);
        own.add(waiting(FIRST, A));
        surges.put(own);
        assertEquals(List.of("surge/a%2Fb/1/abc"), state.names());
        own.remove(FIRST);
        surges.put(own);
        assertEquals(List.of(), state.names());
    }
}
