package io.spectrawatch.ingest.topology;

import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static final Refused REFUSED =
            new Refused(RejectionReason.TOO_LARGE, "x".repeat(100_000));

    private static final RecordMetadata SOURCE =
            new RecordMetadata() {
                @Override
                public String topic() {
                    return "t".repeat(249);
                }

                @Override
                public int partition() {
                    return 2;
                }

                @Override
                public long offset() {
                    return Long.MAX_VALUE;
                }
            };

    @Test
    void aValueJustOverTheLimitIsKeptWhole() {
        byte[] value = new byte[Topics.MAX_RECORD_BYTES + 1];

        Record<ShardKey, byte[]> letter = letter(utf8("k"), value, new RecordHeaders());

        assertSame(value, letter.value());
        assertNull(letter.headers().lastHeader(DeadLetter.CUT));
        assertFits(letter);
    }

    @Test
    void whatNoTopicCouldHoldIsCutAndSaysSo() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("huge", new byte[40_000]);

        Record<ShardKey, byte[]> letter =
                letter(new byte[50_000], new byte[3 * Topics.MAX_RECORD_BYTES], headers);

        assertFits(letter);
        assertNull(letter.headers().lastHeader("huge"));
        assertEquals(
                "key=50000 value=" + 3 * Topics.MAX_RECORD_BYTES + " headers=1",
                text(letter.headers().lastHeader(DeadLetter.CUT)));
    }

    @Test
    void theLargestHeadersThatAreKeptFitBesideTheLargestValue() {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 2_000; i++) {
            headers.add("h", new byte[5]);
        }

        Record<ShardKey, byte[]> letter =
                letter(new byte[8 * 1024], new byte[2 * Topics.MAX_RECORD_BYTES], headers);

        assertEquals(2_000 + 6, letter.headers().toArray().length);
        assertFits(letter);
    }

    @Test
    void ourReasonStandsOverOneTheClientSent() {
        RecordHeaders headers = new RecordHeaders();
        headers.add(DeadLetter.REASON, utf8("LATE"));

        Record<ShardKey, byte[]> letter = letter(null, null, headers);

        assertEquals("TOO_LARGE", text(letter.headers().lastHeader(DeadLetter.REASON)));
    }

    private static Record<ShardKey, byte[]> letter(
            byte[] key, byte[] value, RecordHeaders headers) {
        return DeadLetter.of(new Record<>(key, value, 0, headers), SOURCE, REFUSED);
    }

    private static void assertFits(Record<ShardKey, byte[]> letter) {
        int size =
                AbstractRecords.estimateSizeInBytesUpperBound(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        CompressionType.NONE,
                        letter.key().bytes(),
                        letter.value(),
                        letter.headers().toArray());
        int limit = Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;
        assertTrue(size <= limit, size + " > " + limit);
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
