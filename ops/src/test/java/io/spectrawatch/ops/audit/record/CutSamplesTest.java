package io.spectrawatch.ops.audit.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.audit.record.CutSamples.Cut;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutSamplesTest {

    private static final long SINCE = 1;

    private final CutSamples.Scan scan = new CutSamples.Scan(new Scope("m", "1", 0, 10), SINCE);
    private long offset;

    @Test
    void wholeSamplesAndSamplesWithAllTheirPartsAreNotCut() {
        send("m", 0, "c", part("a", 0, true));
        send("m", 0, "c", part("b", 0, false), part("b", 1, false), part("d", 0, false));
        send("m", 0, "c", part("b", 2, true), part("d", 1, true));

        assertEquals(CutSamples.NONE, scan.found());
    }

    @Test
    void aSampleThatBeganBeforeIsNamedOnceByTheFirstPartFound() {
        send("m", 1, "c", part("a", 3, false));
        send("m", 1, "c", part("a", 4, true), part("b", 2, true));

        CutSamples found = scan.found();

        assertEquals(
                List.of(new Cut(1, "c", "a", 3, 0), new Cut(1, "c", "b", 2, 1)),
                found.begunBefore());
        assertEquals(List.of(), found.goOn());
        assertTrue(found.beganBefore(1, "a"));
        assertFalse(found.beganBefore(0, "a"));
        assertFalse(found.beganBefore(1, "c"));
    }

    @Test
    void aSampleWhoseLastPartDoesNotComeGoesOn() {
        send("m", 0, "c", part("a", 0, false));
        send("m", 0, "c", part("a", 1, false));
        send("m", 0, "other", part("a", 0, true));

        assertEquals(List.of(new Cut(0, "c", "a", 1, 1)), scan.found().goOn());
    }

    /** Its beginning is there, and yet not what was known of it. */
    @Test
    void aSampleOfAPaneThatIsNotJudgedIsNamedIfItGoesOnInOneThatIs() {
        sendAt(SINCE - 1, part("a", 0, false), part("b", 0, false), part("c", 0, false));
        sendAt(SINCE - 1, part("a", 1, false), part("b", 1, true));
        sendAt(SINCE, part("a", 2, false), part("d", 0, false), part("c", 0, false));
        sendAt(SINCE, part("a", 3, true), part("d", 1, true), part("c", 1, true));

        CutSamples found = scan.found();

        assertEquals(List.of(new Cut(0, "c", "a", 2, 2)), found.fromPanesBefore());
        assertEquals(List.of(), found.begunBefore());
        assertEquals(List.of(), found.goOn());
        assertTrue(found.beganBefore(0, "a"));
        assertFalse(found.beganBefore(0, "b"));
    }

    @Test
    void otherModelsTicksAndWhatIsNoRecordAreNobodysSamples() {
        send("other", 0, "c", part("a", 1, false));
        scan.take(
                0,
                5,
                Wire.encode(
                        Tick.newBuilder()
                                .setTime(1)
                                .setPaneLength(1)
                                .setLateness(0)
                                .setShard(0)
                                .setShards(1)
                                .setSequence(0)
                                .build()));
        scan.take(0, 6, null);
        scan.take(0, 7, new byte[] {1, 2, 3});

        assertEquals(CutSamples.NONE, scan.found());
    }

    private void sendAt(long capturedAt, Sample... samples) {
        send("m", 0, "c", capturedAt, samples);
    }

    private void send(String model, int shard, String captureId, Sample... samples) {
        send(model, shard, captureId, SINCE, samples);
    }

    private void send(
            String model, int shard, String captureId, long capturedAt, Sample... samples) {
        ActivationSnapshot snapshot =
                new ActivationSnapshot(
                        model,
                        "1",
                        "ab".repeat(32),
                        captureId,
                        offset,
                        capturedAt,
                        List.of(samples),
                        List.of(
                                new Layer(
                                        "h",
                                        0,
                                        LayerRole.HIDDEN,
                                        samples.length,
                                        1,
                                        ElementType.FLOAT32,
                                        null,
                                        ByteBuffer.allocate(4 * samples.length),
                                        null,
                                        false)));
        scan.take(shard, offset++, Wire.encode(snapshot));
    }

    private static Sample part(String id, int part, boolean last) {
        return Sample.newBuilder(WholeSample.of(id, null, null, 1.0))
                .setPart(part)
                .setLast(last)
                .build();
    }
}
