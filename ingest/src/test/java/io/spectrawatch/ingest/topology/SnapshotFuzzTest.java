package io.spectrawatch.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.check.SnapshotValidator;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.fuzz.Mutator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 240,000 damaged or lying snapshots of both versions through the validator, and some of them
 * through the whole shard, each of which must come out as exactly one record.
 */
class SnapshotFuzzTest {

    private static final int CASES = 60_000;
    private static final int CLAIM_CASES = 2_000;
    private static final int SHARD_CASES = 10_000;

    /** A row's sample takes one byte in the record and an Integer in a list. */
    private static final long FACTOR = 256;

    private static final byte[] KEY = Snapshots.utf8(Snapshots.CAPTURE);

    private final SnapshotValidator validator =
            new SnapshotValidator(IngestConfig.fromMap(Map.of()));

    @TempDir private Path folder;

    private Fuzz<ActivationSnapshot> fuzz(String name) {
        return new Fuzz<>(
                name,
                SnapshotFuzzTest.class,
                bytes -> validator.validate(KEY, bytes),
                Set.of(Refused.class),
                SnapshotFuzzTest::check,
                FACTOR);
    }

    private static List<byte[]> valid() {
        return List.of(
                Snapshots.firstVersion(Snapshots.valid()),
                Snapshots.firstVersion(
                        Snapshots.valid()
                                .setSamples(
                                        List.of(
                                                WholeSample.of("a", "client", "tenant", 0.5),
                                                WholeSample.of("b", null, null, 3.0)))));
    }

    /** Whose samples say their rows, go on over snapshots, and say where they come from. */
    private static List<byte[]> ranged() {
        return List.of(
                Snapshots.bytes(Snapshots.ranged()),
                Snapshots.bytes(
                        Snapshots.parts(
                                0,
                                Snapshots.part("a", 1, false).build(),
                                Snapshots.part("a", 2, true).setRows(List.of()).build(),
                                Snapshots.part("b", 0, false).build())),
                Snapshots.bytes(
                        Snapshots.valid()
                                .setSamples(
                                        List.of(
                                                Snapshots.context("a").setRows(null).build(),
                                                Snapshots.sample("b")))));
    }

    @Test
    void damagedRangesAreRefusedOrValid() {
        Fuzz.Outcome outcome = fuzz("ranged-snapshot").run(ranged(), CASES);
        assertTrue(outcome.accepted() > 0 && outcome.refused() > outcome.accepted(), "" + outcome);
    }

    @Test
    void lyingPartsAreRefusedOrValid() {
        Fuzz.Outcome outcome = fuzz("lying-parts").mutated(HostileParts::record, CASES);
        assertTrue(outcome.accepted() > 0 && outcome.refused() > outcome.accepted(), "" + outcome);
    }

    @Test
    void damagedSnapshotsAreRefusedOrValid() {
        Fuzz.Outcome outcome = fuzz("snapshot").run(valid(), CASES);
        assertTrue(outcome.accepted() > 0 && outcome.refused() > outcome.accepted(), "" + outcome);
    }

    @Test
    void lyingSnapshotsAreRefusedOrValid() {
        Fuzz.Outcome outcome = fuzz("lying-snapshot").mutated(HostileSnapshots::record, CASES);
        assertTrue(outcome.accepted() > 0 && outcome.refused() > outcome.accepted(), "" + outcome);
    }

    /** Twenty bytes that claim a string, an array or rows of two gibibytes. */
    @Test
    void claimedSizesCostNothing() {
        List<byte[]> records = new ArrayList<>(valid());
        records.addAll(ranged());
        byte[] claim = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
        fuzz("claimed-snapshot")
                .mutated(
                        random -> {
                            byte[] whole = records.get(random.nextInt(records.size()));
                            int body = whole.length - Wire.HEADER_BYTES;
                            int at = Wire.HEADER_BYTES + random.nextInt(body);
                            byte[] bytes = Arrays.copyOf(whole, at + claim.length);
                            System.arraycopy(claim, 0, bytes, at, claim.length);
                            return bytes;
                        },
                        CLAIM_CASES);
    }

    /** What an independent reader of the record must be able to rely on. */
    private static void check(ActivationSnapshot snapshot) {
        assertEquals(Snapshots.CAPTURE, snapshot.getCaptureId());
        checkText(snapshot.getModelId());
        checkText(snapshot.getModelVersion());
        assertEquals(64, snapshot.getModelDigest().length());
        assertTrue(snapshot.getSequence() >= 0 && snapshot.getCapturedAt() >= 0);
        checkSamples(snapshot.getSamples());
        Set<String> names = new HashSet<>();
        Set<Integer> indices = new HashSet<>();
        for (Layer layer : snapshot.getLayers()) {
            assertTrue(names.add(layer.getName()) && indices.add(layer.getIndex()));
            assertTrue(layer.getTap() == null || layer.getTap().length() <= 64);
            checkRows(layer, snapshot.getSamples());
        }
        assertFalse(names.isEmpty());
    }

    private static void checkSamples(List<Sample> samples) {
        Map<String, Sample> before = new HashMap<>();
        boolean ranged = samples.get(0).getRows() != null;
        for (Sample sample : samples) {
            checkText(sample.getId());
            assertTrue(sample.getPart() >= 0, "part " + sample.getPart());
            Sample previous = before.put(sample.getId(), sample);
            if (previous != null) {
                assertFalse(previous.getLast(), sample.getId());
                assertEquals(previous.getPart() + 1, sample.getPart());
            }
            assertTrue(sample.getSamplingWeight() > 0 && sample.getSamplingWeight() < 1 / 0.0);
            assertTrue(sample.getTraceId() != null || sample.getSpanId() == null);
            checkId(sample.getTraceId(), 32);
            checkId(sample.getSpanId(), 16);
            assertTrue(sample.getAttributes().size() <= 16);
            sample.getAttributes().forEach((name, value) -> checkText(name + value));
            assertEquals(ranged, sample.getRows() != null);
            checkRanges(ranged ? sample.getRows() : List.of());
        }
    }

    private static void checkId(String id, int digits) {
        if (id != null) {
            assertEquals(digits, id.length());
            assertTrue(id.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0), id);
            assertTrue(id.chars().anyMatch(c -> c != '0'), id);
        }
    }

    private static void checkRanges(List<RowRange> ranges) {
        long next = 0;
        for (RowRange range : ranges) {
            assertTrue(range.getPosition() >= next && range.getRows() > 0, "" + range);
            next = range.getPosition() + range.getRows();
        }
    }

    /** Bytes that are not UTF-8 would give different records the same name. */
    private static void checkText(String text) {
        assertFalse(text.isBlank() || text.indexOf('\uFFFD') >= 0, text);
    }

    private static void checkRows(Layer layer, List<Sample> all) {
        int samples = all.size();
        boolean ranged = all.get(0).getRows() != null;
        if (ranged && !layer.getPerSample()) {
            long said =
                    all.stream()
                            .flatMap(sample -> sample.getRows().stream())
                            .mapToLong(RowRange::getRows)
                            .sum();
            assertEquals(said, layer.getRows());
            assertNull(layer.getRowSample());
        } else if (layer.getRowSample() == null) {
            assertEquals(samples, layer.getRows());
        } else {
            assertFalse(ranged);
            assertEquals(layer.getRowSample().size(), layer.getRows());
            layer.getRowSample().forEach(s -> assertTrue(s >= 0 && s < samples, "sample " + s));
        }
        checkText(layer.getName());
        assertTrue(layer.getColumns() > 0 && layer.getIndex() >= 0);
        ByteBuffer data = layer.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < (long) layer.getRows() * layer.getColumns(); i++) {
            double value =
                    switch (layer.getElementType()) {
                        case FLOAT32 -> data.getFloat();
                        case FLOAT16 -> half(data.getShort());
                        case BFLOAT16 -> Float.intBitsToFloat(data.getShort() << 16);
                    };
            assertTrue(Double.isFinite(value), "element " + i + " is " + value);
        }
        assertFalse(data.hasRemaining());
    }

    /** Only finite or not matters: an exponent of all ones is not. */
    private static double half(short bits) {
        return (bits >> 10 & 0x1F) == 0x1F ? Double.NaN : bits & 0x3FF;
    }

    /** Nothing is lost, nothing doubled, and dead letters carry what came in. */
    @Test
    void everyRecordComesOutOfTheShardOnce() {
        List<byte[]> valid = valid();
        comeOutOnce(
                (i, random) ->
                        random.nextBoolean()
                                ? HostileSnapshots.record(random)
                                : new Mutator(random, valid).mutate(valid.get(i % valid.size())));
    }

    /** Numbered, so that parts meet what the shard remembers; some records are damaged too. */
    @Test
    void everyPartComesOutOfTheShardOnce() {
        List<byte[]> ranged = ranged();
        comeOutOnce(
                (i, random) ->
                        switch (random.nextInt(4)) {
                            case 0 -> HostileParts.record(random);
                            case 1 ->
                                    new Mutator(random, ranged)
                                            .mutate(ranged.get(i % ranged.size()));
                            default -> Snapshots.bytes(HostileParts.parts(random).setSequence(i));
                        });
    }

    private void comeOutOnce(BiFunction<Integer, Random, byte[]> records) {
        IngestConfig config = IngestConfig.fromMap(Map.of("limit.open.samples", "30"));
        ShardHarness shard = new ShardHarness(config, folder);
        int accepted = 0;
        for (int i = 0; i < SHARD_CASES; i++) {
            Random random = new Random(Fuzz.seed() + i);
            byte[] record = records.apply(i, random);
            byte[] key = random.nextInt(50) == 0 ? null : KEY;
            if (random.nextInt(500) == 0) {
                shard.restart();
            }
            shard.send(key, record, 1_000_000L * (i / 1000));
            List<Record<ShardKey, byte[]>> refused = shard.written(ShardProcessor.REJECTED_SINK);
            List<Record<ShardKey, byte[]>> taken =
                    shard.written(ShardProcessor.VALIDATED_SINK).stream()
                            .filter(r -> !Wire.isA(r.value(), "io.spectrawatch.schemas.Tick"))
                            .toList();
            String repeat = "case " + i + " of -Dspectrawatch.seed=" + Fuzz.seed();
            assertEquals(1, refused.size() + taken.size(), repeat);
            byte[] written = (refused.isEmpty() ? taken : refused).get(0).value();
            assertTrue(Arrays.equals(record, written), repeat);
            refused.forEach(letter -> checkReason(letter.headers(), repeat));
            accepted += taken.size();
            shard.forget();
        }
        assertTrue(accepted > 0, "accepted " + accepted);
    }

    private static void checkReason(Headers headers, String repeat) {
        assertNotNull(headers.lastHeader(DeadLetter.REASON), repeat);
        String message =
                new String(headers.lastHeader(DeadLetter.MESSAGE).value(), StandardCharsets.UTF_8);
        // The net below the checks must have caught nothing.
        assertFalse(message.startsWith("a check failed"), repeat + ": " + message);
        assertTrue(message.length() < Topics.RECORD_OVERHEAD_BYTES, repeat);
    }
}
