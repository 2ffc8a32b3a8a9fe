package io.spectrawatch.flink.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DecodedRecordTest {

    private static DecodedRecord decode(byte[] value) {
        return DecodedRecord.of(new ShardRecord(2, 17, value));
    }

    @Test
    void ticksAndSnapshotsBelongIntoTheLog() {
        boolean tick = false;
        boolean snapshot = false;
        for (ShardRecord record : TestLog.standard(1).records()) {
            DecodedRecord decoded = DecodedRecord.of(record);
            assertNull(decoded.refusal());
            assertNotNull(decoded.value());
            tick |= decoded.value() instanceof Tick;
            snapshot |= decoded.snapshot() != null;
        }
        assertTrue(tick && snapshot);
    }

    @Test
    void whatCannotBeDecodedIsRefused() {
        DecodedRecord decoded = decode(new byte[0]);
        assertNull(decoded.value());
        assertTrue(decoded.refusal().contains("found 0 bytes"), decoded.refusal());
    }

    @Test
    void whatBelongsIntoAnotherTopicIsRefused() {
        BaselineChunk other = new BaselineChunk("id", 0, 1, ByteBuffer.allocate(1));
        DecodedRecord decoded = decode(Wire.encode(other));
        assertEquals("a BaselineChunk does not belong into the validated log", decoded.refusal());
    }

    @Test
    void whatALaterReleaseWroteEndsTheJob() {
        byte[] value = TestLog.standard(1).records().get(0).value().clone();
        value[5] ^= 1;
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> decode(value));
        assertTrue(e.getMessage().startsWith("shard 2, offset 17: schema"), e.getMessage());
        assertTrue(e.getMessage().endsWith("a later release wrote it, upgrade this job first"));
    }
}
