package io.spectrawatch.flink.verdict;

import static io.spectrawatch.flink.verdict.HeldActivations.SHARDS;
import static io.spectrawatch.flink.verdict.HeldActivations.TOPIC;
import static io.spectrawatch.flink.verdict.HeldActivations.value;
import static io.spectrawatch.flink.verdict.HeldActivations.verdict;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Over Kafka's own in-memory consumer; {@code VerdictLogITCase} has a broker. */
class AcceptedSnapshotsTest {

    private final HeldActivations consumer = new HeldActivations();
    private final AcceptedSnapshots snapshots =
            new AcceptedSnapshots(consumer, TOPIC, Duration.ofMillis(20));

    private void assertFound(int shard, long offset) {
        assertArrayEquals(
                value(shard, offset), snapshots.copy(verdict(shard, offset)).orElseThrow());
    }

    @Test
    void theShardsAreReadInTheOrderOfTheirVerdictsAndWhatWasRefusedIsSkipped() {
        consumer.has(0, 0L, 1L, 2L, 3L, 5L, 6L);
        consumer.has(1, 0L, 1L, 2L);

        assertFound(0, 0);
        assertFound(1, 0);
        assertFound(0, 3);
        assertFound(0, 5);
        assertFound(1, 2);
        assertFound(0, 6);
        assertEquals(2, consumer.seeks(), "each partition once, then it is read on");
    }

    @Test
    void anyOrderGivesTheSame() {
        Long[] all = {0L, 1L, 2L, 4L, 5L, 7L, 400L, 900L, 901L};
        consumer.has(0, all);
        consumer.has(1, all);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 300; i++) {
            assertFound(random.nextInt(SHARDS), all[random.nextInt(all.length)]);
        }
    }

    @Test
    void aLateSnapshotComesAsACopyWouldHoldIt() {
        consumer.has(0, 0L);
        byte[] late = Wire.encode(new LateSnapshot(60L, ByteBuffer.wrap(value(0, 0))));

        Optional<byte[]> found =
                snapshots.copy(
                        new AcceptedSnapshot(0, 0L, 60L, ByteBuffer.wrap(ValueDigest.of(late))));

        assertArrayEquals(late, found.orElseThrow());
    }

    @Test
    void whatRetentionTookOrAnotherRecordReplacedIsNotThere() {
        consumer.has(0, 0L, 1L, 2L, 4L);
        consumer.loses(0, 1);

        assertTrue(snapshots.copy(verdict(0, 0)).isEmpty(), "deleted");
        assertFound(0, 1);
        assertTrue(snapshots.copy(verdict(0, 3)).isEmpty(), "compacted, or taken back");
        assertFound(0, 4);
        AcceptedSnapshot other =
                new AcceptedSnapshot(0, 2L, null, ByteBuffer.wrap(ValueDigest.of(value(0, 1))));
        assertTrue(snapshots.copy(other).isEmpty(), "of another digest");
        assertTrue(snapshots.copy(verdict(7, 0)).isEmpty(), "no such partition");
        assertTrue(snapshots.copy(verdict(-1, 0)).isEmpty());
        assertTrue(snapshots.copy(verdict(0, -1)).isEmpty());
        assertFound(0, 1);
    }

    @Test
    void whatIsNotThereYetIsWaitedForAndThenAnError() {
        consumer.has(0, 0L);

        TimeoutException error =
                assertThrows(TimeoutException.class, () -> snapshots.copy(verdict(0, 1)));
        assertTrue(error.getMessage().startsWith(TOPIC + "-0, offset 1: "), error.getMessage());
        consumer.has(0, 0L, 1L);
        assertFound(0, 1);
    }
}
