package io.spectrawatch.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.check.SnapshotValidator;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 120,000 damaged or lying snapshots through the validator, and some of them through the whole
 * shard, each of which must come out as exactly one record.
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
                Snapshots.bytes(Snapshots.valid()),
                Snapshots.bytes(
                        Snapshots.valid()
                                .setSamples(
                                        List.of(
                                                WholeSample.of("a", "client", "tenant", 0.5),
                                                WholeSample.of("b", null, null, 3.0)))));
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
        byte[] whole = Snapshots.bytes(Snapshots.valid());
        byte[] claim = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
        fuzz("claimed-snapshot")
                .mutated(
                        random -> {
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
        Set<String> ids = new HashSet<>();
        for (Sample sample : snapshot.getSamples()) {
            checkText(sample.getId());
            assertTrue(ids.add(sample.getId()), sample.getId());
            assertTrue(sample.getSamplingWeight() > 0 && sample.getSamplingWeight() < 1 / 0.0);
        }
        assertFalse(ids.isEmpty());
        Set<String> names = new HashSet<>();
        Set<Integer> indices = new HashSet<>();
        for (Layer layer : snapshot.getLayers()) {
            assertTrue(names.add(layer.getName()) && indices.add(layer.getIndex()));
            checkRows(layer, ids.size());
        }
        assertFalse(names.isEmpty());
    }

    /** Bytes that are not UTF-8 would give different records the same name. */
    private static void checkText(String text) {
        assertFalse(text.isBlank() || text.indexOf('\uFFFD') >= 0, text);
    }

    private static void checkRows(Layer layer, int samples) {
        if (layer.getRowSample() == null) {
            assertEquals(samples, layer.getRows());
        } else {
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
        ShardHarness shard = new ShardHarness(IngestConfig.fromMap(Map.of()), folder);
        List<byte[]> valid = valid();
        int accepted = 0;
        for (int i = 0; i < SHARD_CASES; i++) {
            Random random = new Random(Fuzz.seed() + i);
            byte[] record =
                    random.nextBoolean()
                            ? HostileSnapshots.record(random)
                            : new Mutator(random, valid).mutate(valid.get(i % valid.size()));
            byte[] key = random.nextInt(50) == 0 ? null : KEY;
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
