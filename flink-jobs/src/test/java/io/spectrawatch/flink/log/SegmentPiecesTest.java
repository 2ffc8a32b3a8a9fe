package io.spectrawatch.flink.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SegmentPiecesTest {

    private static final int CASES = 2_000;
    private static final List<String> LAYERS = List.of("embed", "block", "pooled");

    /** The samples of a snapshot by the segment that each belongs to, in their order. */
    private static Map<String, List<Sample>> expected(
            ActivationSnapshot snapshot, TreeSet<Segment> segments) {
        Map<String, List<Sample>> expected = new HashMap<>();
        for (Sample sample : snapshot.getSamples()) {
            String own = null;
            for (Segment segment : segments.descendingSet()) {
                own = segment.holds(sample) ? segment.toString() : own;
            }
            expected.computeIfAbsent(own, s -> new ArrayList<>()).add(sample);
        }
        return expected;
    }

    /** The rows of each sample in a layer, in hex, by its place. */
    private static List<List<String>> rows(ActivationSnapshot snapshot, Layer layer) {
        List<List<String>> rows = new ArrayList<>();
        snapshot.getSamples().forEach(sample -> rows.add(new ArrayList<>()));
        int[] owners = RowMap.of(snapshot).owners(layer);
        ByteBuffer data = layer.getData().duplicate();
        for (int row = 0; row < layer.getRows(); row++) {
            byte[] bytes = new byte[layer.getData().remaining() / layer.getRows()];
            data.get(bytes);
            rows.get(owners[row]).add(HexFormat.of().formatHex(bytes));
        }
        return rows;
    }

    @Test
    void piecesTogetherAreTheWhole() {
        for (int i = 0; i < CASES; i++) {
            String repeat = "case " + i + ", " + TestLog.repeat();
            Random random = new Random(TestLog.seed() + i);
            ActivationSnapshot whole = snapshot(random);
            TreeSet<Segment> segments = segments(random);
            Map<String, List<Sample>> expected = expected(whole, segments);
            List<Piece> pieces = SegmentPieces.of(whole, RowMap.of(whole), segments);
            assertEquals(expected.keySet(), new HashSet<>(names(pieces)), repeat);
            assertEquals(pieces.size(), expected.size(), repeat);
            if (pieces.size() == 1) {
                assertSame(whole, pieces.get(0).snapshot(), repeat);
            }
            for (Piece piece : pieces) {
                assertEquals(expected.get(piece.name()), piece.snapshot().getSamples(), repeat);
                assertIsOf(whole, piece.snapshot(), repeat);
            }
        }
    }

    private static List<String> names(List<Piece> pieces) {
        return new ArrayList<>(pieces.stream().map(Piece::name).toList());
    }

    private static void assertIsOf(
            ActivationSnapshot whole, ActivationSnapshot piece, String repeat) {
        assertNull(new SnapshotCheck(64).refusal(piece), repeat);
        assertEquals(whole.getCapturedAt(), piece.getCapturedAt());
        assertEquals(whole.getLayers().size(), piece.getLayers().size(), repeat);
        for (int l = 0; l < whole.getLayers().size(); l++) {
            Layer layer = whole.getLayers().get(l);
            Layer own = piece.getLayers().get(l);
            assertEquals(layer.getElementType(), own.getElementType());
            assertEquals(layer.getTap(), own.getTap());
            assertEquals(layer.getPerSample(), own.getPerSample());
            List<List<String>> all = rows(whole, layer);
            List<List<String>> found = rows(piece, own);
            for (int s = 0; s < found.size(); s++) {
                int place = whole.getSamples().indexOf(piece.getSamples().get(s));
                assertEquals(all.get(place), found.get(s), repeat);
            }
        }
    }

    @Test
    void onlyTakesTheSamplesOfOneSegment() {
        Random random = new Random(TestLog.seed());
        Segment segment = Segment.parse("route=a");
        for (int i = 0; i < CASES / 10; i++) {
            ActivationSnapshot whole = snapshot(random);
            assertSame(whole, SegmentPieces.only(whole, null));
            List<Sample> own = whole.getSamples().stream().filter(segment::holds).toList();
            ActivationSnapshot only = SegmentPieces.only(whole, segment);
            if (own.isEmpty()) {
                assertNull(only);
            } else {
                assertEquals(own, only.getSamples());
                assertIsOf(whole, only, TestLog.repeat());
            }
        }
    }

    /** Of two that hold a sample the one whose attribute comes first. */
    @Test
    void theFirstAttributeDecides() {
        Sample sample =
                Sample.newBuilder()
                        .setId("s")
                        .setAttributes(Map.of("route", "b", "tier", "b"))
                        .build();
        ActivationSnapshot whole =
                new ActivationSnapshot(
                        "m", "1", "d", "capture", 7L, 5L, List.of(sample), List.of());
        TreeSet<Segment> both =
                new TreeSet<>(List.of(Segment.parse("tier=b"), Segment.parse("route=b")));
        assertEquals(List.of("route=b"), names(SegmentPieces.of(whole, RowMap.of(whole), both)));
        both.remove(Segment.parse("route=b"));
        assertEquals(List.of("tier=b"), names(SegmentPieces.of(whole, RowMap.of(whole), both)));
        both.remove(Segment.parse("tier=b"));
        assertTrue(SegmentPieces.of(whole, RowMap.of(whole), both).get(0).segment() == null);
    }

    private static TreeSet<Segment> segments(Random random) {
        TreeSet<Segment> segments = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            segments.add(
                    Segment.parse(
                            (random.nextBoolean() ? "route=" : "tier=")
                                    + "abc".charAt(random.nextInt(3))));
        }
        return segments;
    }

    private static ActivationSnapshot snapshot(Random random) {
        boolean ranged = random.nextBoolean();
        int count = 1 + random.nextInt(6);
        List<Sample> samples = new ArrayList<>();
        int rows = 0;
        for (int s = 0; s < count; s++) {
            Map<String, String> attributes = new HashMap<>();
            if (random.nextInt(4) > 0) {
                attributes.put("route", "" + "abcd".charAt(random.nextInt(4)));
            }
            if (random.nextInt(4) == 0) {
                attributes.put("tier", "" + "abcd".charAt(random.nextInt(4)));
            }
            Sample sample =
                    Sample.newBuilder()
                            .setId("s" + s)
                            .setAttributes(attributes)
                            .setRows(ranged ? ranges(random) : null)
                            .build();
            rows += (int) RowMap.rows(sample);
            samples.add(sample);
        }
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < LAYERS.size(); l++) {
            boolean one = l == LAYERS.size() - 1;
            List<Integer> listed = ranged || one ? null : listed(random, count);
            int own = one ? count : ranged ? rows : listed.size();
            layers.add(layer(l, own, listed, ranged && one, random));
        }
        return new ActivationSnapshot("m", "1", "d", "capture", 7L, 5L, samples, layers);
    }

    private static List<RowRange> ranges(Random random) {
        List<RowRange> ranges = new ArrayList<>();
        long position = random.nextInt(9);
        for (int r = random.nextInt(3); r > 0; r--) {
            int rows = 1 + random.nextInt(4);
            ranges.add(new RowRange(position, rows, random.nextBoolean() ? Phase.PROMPT : null));
            position += rows + random.nextInt(2);
        }
        return ranges;
    }

    private static List<Integer> listed(Random random, int samples) {
        List<Integer> listed = new ArrayList<>();
        for (int row = random.nextInt(12); row > 0; row--) {
            listed.add(random.nextInt(samples));
        }
        return listed;
    }

    private static Layer layer(
            int index, int rows, List<Integer> listed, boolean perSample, Random random) {
        int columns = 1 + random.nextInt(5);
        ElementType type = random.nextBoolean() ? ElementType.FLOAT32 : ElementType.BFLOAT16;
        int bytes = rows * columns * (type == ElementType.FLOAT32 ? 4 : 2);
        // In front of the data lies something else, as in a buffer of the decoder.
        ByteBuffer data = ByteBuffer.allocate(3 + bytes).position(3);
        for (int i = 3; i < 3 + bytes; i++) {
            data.put(i, (byte) (random.nextInt(4) & 3));
        }
        return new Layer(
                LAYERS.get(index),
                index,
                LayerRole.HIDDEN,
                rows,
                columns,
                type,
                listed,
                data,
                index == 1 ? "mlp-output" : null,
                perSample);
    }
}
