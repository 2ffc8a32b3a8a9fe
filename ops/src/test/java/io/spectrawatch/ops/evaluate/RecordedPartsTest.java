package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.text.TextNgrams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Samples in parts are evaluated as samples; those of which a part is missing are not. */
class RecordedPartsTest {

    private static final int COLUMNS = 3;

    /** Places of the selections in the order in which they are resolved. */
    private static final List<Integer> ALL = List.of(0, 1, 2);

    private final RecordedSamples samples = newSamples();
    private long sequence;

    @Test
    void anySplitGivesTheSameRows() {
        long seed = Long.getLong("spectrawatch.seed", 20261129L);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            RecordedSamples whole = newSamples();
            RecordedSamples split = newSamples();
            int next = 0;
            for (int i = 0; i < 5; i++) {
                int rows = 1 + random.nextInt(20);
                send(whole, "c", "clean" + i, 0, true, next, rows);
                int parts = 0;
                for (int at = 0; at < rows; parts++) {
                    int more = 1 + random.nextInt(rows - at);
                    boolean last = at + more == rows && random.nextBoolean();
                    send(split, "c", "clean" + i, parts, last, next + at, more);
                    at += more;
                    if (at == rows && !last) {
                        send(split, "c", "clean" + i, parts + 1, true, next + at, 0);
                    }
                }
                next += rows;
            }
            Activations expected = whole.clean().activations(whole.taps().taps(), false);
            Activations found = split.clean().activations(split.taps().taps(), false);
            String at = "seed " + seed + ", round " + round;
            assertArrayEquals(expected.values(0), found.values(0), at);
            for (int row = 0; row < expected.rows(); row++) {
                assertEquals(expected.sampleOf(row), found.sampleOf(row), at);
            }
            assertEquals(0, split.incomplete(), at);
        }
    }

    @Test
    void whatIsNotThereAsAWholeIsLeftOutCountedAndNamed() {
        send(samples, "c", "clean-began", 2, false, 0, 1);
        send(samples, "c", "clean-began", 3, true, 0, 1);
        send(samples, "c", "clean-gap", 0, false, 0, 1);
        send(samples, "c", "clean-gap", 2, false, 0, 1);
        send(samples, "c", "clean-gap", 3, true, 0, 1);
        send(samples, "c", "clean-whole", 0, false, 7, 2);
        send(samples, "other", "clean-whole", 1, true, 0, 1);
        send(samples, "c", "clean-whole", 1, true, 9, 1);
        send(samples, "c", "clean-open", 0, false, 0, 1);
        samples.end();

        assertEquals(4, samples.incomplete());
        String named = String.join("\n", samples.incompleteNamed());
        for (String each :
                List.of(
                        "'clean-began' of captureId 'c' begins before what is selected, part 2",
                        "'clean-gap' of captureId 'c' lacks part 1, part 2 found",
                        "'clean-whole' of captureId 'other' begins before",
                        "'clean-open' of captureId 'c' ends behind what is selected, with part 1")) {
            assertTrue(named.contains(each), each + " is not in\n" + named);
        }
        Activations clean = samples.clean().activations(samples.taps().taps(), false);
        assertEquals(1, clean.samples());
        assertArrayEquals(new float[] {7, 7, 7, 8, 8, 8, 9, 9, 9}, clean.values(0));
    }

    @Test
    void aSampleOfWhichASelectionHoldsSomePartsIsNotWhole() {
        send(samples, List.of(0, 1, 2), "clean-cut", 0, false);
        send(samples, List.of(0, 1), "clean-cut", 1, true);
        send(samples, List.of(0, 1), "clean-later", 0, false);
        send(samples, List.of(0, 1, 2), "clean-later", 1, true);
        samples.end();

        assertEquals(2, samples.incomplete());
        assertEquals(0, samples.clean().samples());
    }

    /** Its text is that of the first part with rows that brings n-grams, whichever that is. */
    @Test
    void anyPartMayBringTheText() {
        float[] text = TextNgrams.row("a text");
        float[] other = TextNgrams.row("another");
        float[] zeros = new float[TextNgrams.COLUMNS];
        RecordedSamples texts = newSamples("text-ngrams-1", "h");
        sendParts(texts, "clean-last", null, text);
        sendParts(texts, "clean-first", text, null);
        sendParts(texts, "clean-zeros", zeros, text);
        sendParts(texts, "clean-both", text, other);
        sendParts(texts, "clean-none", zeros, null);
        texts.end();

        assertTrue(texts.tokens());
        Activations clean = texts.clean().activations(texts.taps().taps(), true);
        assertEquals(5, clean.samples());
        assertEquals(15, clean.rows());
        assertEquals(DetectorLayers.TEXT, clean.taps().get(1));
        float[] rows = clean.values(1);
        for (int s = 0; s < 5; s++) {
            int at = s * TextNgrams.COLUMNS;
            assertArrayEquals(
                    s < 4 ? text : zeros,
                    Arrays.copyOfRange(rows, at, at + TextNgrams.COLUMNS),
                    "sample " + s);
        }
    }

    /** Sends one row and two, with a text beside either, null for none. */
    private void sendParts(RecordedSamples to, String id, float[] first, float[] second) {
        to.deal(with(snapshot("c", id, 0, false, 0, 1), first), ALL, "there: ");
        to.deal(with(snapshot("c", id, 1, true, 1, 2), second), ALL, "there: ");
    }

    private static ActivationSnapshot with(ActivationSnapshot snapshot, float[] text) {
        if (text == null) {
            return snapshot;
        }
        ByteBuffer data = ByteBuffer.allocate(4 * text.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(text);
        Layer layer =
                new Layer(
                        TextNgrams.FORMAT,
                        1,
                        LayerRole.INPUT,
                        1,
                        text.length,
                        ElementType.FLOAT32,
                        null,
                        data,
                        TextNgrams.FORMAT,
                        true);
        List<Layer> layers = new ArrayList<>(snapshot.getLayers());
        layers.add(layer);
        return new ActivationSnapshot(
                snapshot.getModelId(),
                snapshot.getModelVersion(),
                snapshot.getModelDigest(),
                snapshot.getCaptureId(),
                snapshot.getSequence(),
                snapshot.getCapturedAt(),
                snapshot.getSamples(),
                layers);
    }

    private static RecordedSamples newSamples(String... layers) {
        return new RecordedSamples(
                new RecordedOptions(
                        Map.of(),
                        "topic",
                        null,
                        null,
                        List.of(Selection.parse("--reference", "id:reference")),
                        Selection.parse("--clean", "id:clean"),
                        List.of(Selection.parse("--attacked", "a=id:attacked")),
                        List.of(layers),
                        null,
                        0,
                        ReportOptions.defaults()));
    }

    private void send(
            RecordedSamples to,
            String captureId,
            String id,
            int part,
            boolean last,
            int first,
            int rows) {
        to.deal(snapshot(captureId, id, part, last, first, rows), ALL, "there: ");
    }

    private void send(
            RecordedSamples to, List<Integer> holding, String id, int part, boolean last) {
        to.deal(snapshot("c", id, part, last, 0, 1), holding, "there: ");
    }

    /** Each row repeats its number. */
    private ActivationSnapshot snapshot(
            String captureId, String id, int part, boolean last, int first, int rows) {
        ByteBuffer data = ByteBuffer.allocate(4 * rows * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
        List<RowRange> ranges = new ArrayList<>();
        if (rows > 0) {
            ranges.add(new RowRange((long) first, rows, null));
        }
        for (int i = 0; i < rows * COLUMNS; i++) {
            data.putFloat(first + i / COLUMNS);
        }
        Sample sample =
                Sample.newBuilder().setId(id).setPart(part).setLast(last).setRows(ranges).build();
        Layer layer =
                new Layer(
                        "h",
                        0,
                        LayerRole.HIDDEN,
                        rows,
                        COLUMNS,
                        ElementType.FLOAT32,
                        null,
                        data.flip(),
                        null,
                        false);
        return new ActivationSnapshot(
                "m",
                "1",
                "ab".repeat(32),
                captureId,
                sequence++,
                1L,
                List.of(sample),
                List.of(layer));
    }
}
