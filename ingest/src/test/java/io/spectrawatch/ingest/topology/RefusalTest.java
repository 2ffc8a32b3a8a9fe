package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.floats;
import static io.spectrawatch.ingest.topology.Snapshots.pooled;
import static io.spectrawatch.ingest.topology.Snapshots.tokens;
import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.check.Remedy;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every refusal says what is wrong and what helps, in the dead letter and in the service's log. */
class RefusalTest {

    private static final long SECOND = 1_000_000;

    /** 2026-11-29T00:00:00Z. */
    private static final long NOW = 1_795_910_400L * SECOND;

    @TempDir private Path folder;
    private ShardHarness shard;

    @BeforeEach
    void open() {
        shard = new ShardHarness(IngestConfig.fromMap(Map.of()), folder);
        shard.send(valid().setCapturedAt(NOW), NOW);
        shard.forget();
    }

    @ParameterizedTest
    @EnumSource(RejectionReason.class)
    void namesTheMend(RejectionReason reason) {
        provoke(reason);

        String message = message(reason);
        assertTrue(message.endsWith("; " + Remedy.of(reason)), message);
        assertTrue(message.length() > Remedy.of(reason).length() + 10, message);
    }

    private void provoke(RejectionReason reason) {
        byte[] key = utf8(Snapshots.CAPTURE);
        switch (reason) {
            case UNDECODABLE -> shard.send(key, utf8("{\"modelId\": \"m\"}"), NOW);
            case UNKNOWN_SCHEMA ->
                    shard.send(key, Wire.encode(new Tick(0L, 1L, 0L, 0, 1, 0L, 0L, 0L)), NOW);
            case NO_KEY -> shard.send(null, Snapshots.bytes(valid()), NOW);
            case KEY_MISMATCH -> shard.send(utf8("other"), Snapshots.bytes(valid()), NOW);
            case TOO_LARGE -> shard.send(key, new byte[Topics.MAX_RECORD_BYTES + 1], NOW);
            case INVALID_FIELD -> shard.send(next(1).setModelId(""), NOW);
            case SHAPE_MISMATCH -> send(tokens().setRows(4).build());
            case NOT_FINITE -> send(tokens().setData(floats(1, 2, 3, Float.NaN, 5, 6)).build());
            case DUPLICATE -> shard.send(next(0), NOW);
            case LATE -> shard.send(next(1).setCapturedAt(NOW - 3600 * SECOND), NOW);
            case FUTURE -> shard.send(next(1).setCapturedAt(NOW + 3600 * SECOND), NOW);
            case PART_ORDER -> shard.send(partsInReverse(), NOW);
            case CATALOGUE_CONFLICT -> send(pooled().setColumns(1).setData(floats(1, 2)).build());
        }
    }

    private static ActivationSnapshot.Builder partsInReverse() {
        return Snapshots.parts(
                        1,
                        Snapshots.part("p", 1, false).build(),
                        Snapshots.part("p", 0, false).build())
                .setCapturedAt(NOW);
    }

    private void send(io.spectrawatch.schemas.Layer layer) {
        shard.send(next(1).setLayers(List.of(layer)), NOW);
    }

    @Test
    void anotherUnitOfCapturedAtIsRecognised() {
        shard.send(next(1).setCapturedAt(NOW * 1000), NOW);
        assertTrue(message(RejectionReason.FUTURE).contains(", which looks like nanoseconds;"));
        shard.forget();
        shard.send(next(2).setCapturedAt(NOW / 1000), NOW);
        assertTrue(message(RejectionReason.LATE).contains(", which looks like milliseconds;"));
        shard.forget();
        shard.send(next(3).setCapturedAt(NOW / SECOND), NOW);
        assertTrue(message(RejectionReason.LATE).contains(", which looks like seconds;"));
        shard.forget();
        shard.send(next(4).setCapturedAt(Long.MAX_VALUE), NOW);
        assertTrue(!message(RejectionReason.FUTURE).contains("looks like"));
    }

    @Test
    void theLogSaysTheFirstOfAReasonAndThenOneAMinute() {
        RefusalLog log = new RefusalLog(3);
        Refused late = new Refused(RejectionReason.LATE, "pane of 'a\nb'");

        String first = log.line(late, 7, NOW);
        assertEquals(
                "shard 3, offset 7: refused as LATE: pane of 'a?b'; "
                        + Remedy.of(RejectionReason.LATE),
                first);
        assertNull(log.line(late, 8, NOW + 59 * SECOND));
        assertNotNull(log.line(new Refused(RejectionReason.NO_KEY, "none"), 9, NOW));
        assertNull(log.line(late, 10, NOW + 59 * SECOND));
        String next = log.line(late, 11, NOW + 60 * SECOND);
        assertTrue(next.contains("LATE (and 2 more as LATE before): "), next);
    }

    private static ActivationSnapshot.Builder next(long sequence) {
        return valid().setSequence(sequence).setCapturedAt(NOW);
    }

    private String message(RejectionReason reason) {
        List<Record<ShardKey, byte[]>> letters = shard.written(ShardProcessor.REJECTED_SINK);
        assertEquals(1, letters.size());
        assertEquals(reason.name(), header(letters.get(0), DeadLetter.REASON));
        return header(letters.get(0), DeadLetter.MESSAGE);
    }

    private static String header(Record<ShardKey, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
