package io.spectrawatch.schemas.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundedFetchTest {

    private static final int MIB = 1 << 20;
    private static final FetchLimits LIMITS = new FetchLimits(MIB, 4 * MIB);
    private static final long BASE = 1_000;

    /** Windows and hash tables of the decompressors, and what the limits let through. */
    private static final long ALLOWANCE = 24L * MIB;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsWithinTheLimitsAreThoseOfThePlainConsumer(CompressionType codec) {
        SplittableRandom random = new SplittableRandom(7);
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] value = new byte[random.nextInt(60_000)];
            random.nextBytes(value);
            records.add(
                    new SimpleRecord(
                            i * 10L,
                            i % 5 == 0 ? null : text("key-" + i),
                            i % 7 == 0 ? null : value,
                            new Header[] {new RecordHeader("h" + i, value)}));
        }
        MemoryRecords batch = batch(codec, records);

        assertEquals(read(batch), read(new BoundedFetch(LIMITS).bounded(batch)));
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aLargeRecordIsSkippedWithoutBeingAllocated(CompressionType codec) {
        SimpleRecord before = new SimpleRecord(5, text("a"), text("before"));
        SimpleRecord after = new SimpleRecord(7, text("a"), text("after"));
        List<SimpleRecord> records =
                List.of(before, new SimpleRecord(6, text("bomb"), new byte[64 * MIB]), after);
        MemoryRecords batch = batch(codec, records);
        FetchLimits limits = new FetchLimits(MIB, 65 * MIB);

        long allocated = allocated();
        List<Record> found = read(new BoundedFetch(limits).bounded(batch));
        assertTrue(allocated() - allocated < ALLOWANCE, "allocated " + (allocated() - allocated));

        assertEquals(
                List.of(BASE, BASE + 1, BASE + 2), found.stream().map(Record::offset).toList());
        assertEquals("before", utf8(found.get(0).value()));
        assertEquals("after", utf8(found.get(2).value()));
        assertEquals("bomb", utf8(found.get(1).key()));
        assertEquals(6, found.get(1).timestamp());
        Oversized oversized = Oversized.parse(bytes(found.get(1).value())).orElseThrow();
        assertEquals(MIB, oversized.limit());
        assertTrue(oversized.bytes() > 64 * MIB && oversized.bytes() < 64 * MIB + 64);
    }

    @Test
    void largeKeysAndHeadersCountAndAKeyOfAnySizeIsNotKept() {
        SimpleRecord key = new SimpleRecord(1, new byte[2 * MIB], text("v"));
        Header header = new RecordHeader("h", new byte[2 * MIB]);
        SimpleRecord headers = new SimpleRecord(2, text("k"), text("v"), new Header[] {header});
        List<Record> found =
                read(
                        bounded(
                                batch(CompressionType.ZSTD, List.of(key, headers)),
                                new FetchLimits(MIB, 8 * MIB)));

        assertEquals(null, found.get(0).key());
        assertEquals("k", utf8(found.get(1).key()));
        for (Record record : found) {
            assertTrue(Oversized.parse(bytes(record.value())).isPresent());
            assertEquals(0, record.headers().length);
        }
    }

    @Test
    void behindTheBatchsLimitNothingIsReadAndEveryOffsetHasItsRecord() {
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(new SimpleRecord(i, text("k"), new byte[MIB / 2]));
        }
        long allocated = allocated();
        List<Record> found = read(bounded(batch(CompressionType.ZSTD, records), LIMITS));

        assertEquals(100, found.size());
        for (int i = 0; i < 100; i++) {
            assertEquals(BASE + i, found.get(i).offset());
            boolean read = i < 7;
            assertEquals(!read, Oversized.parse(bytes(found.get(i).value())).isPresent());
        }
        assertTrue(allocated() - allocated < 100L * MIB, "the batch alone has 50 MiB");
        Oversized behind = Oversized.parse(bytes(found.get(99).value())).orElseThrow();
        assertEquals(new Oversized(-1, LIMITS.batchBytes()), behind);
        assertTrue(behind.message().contains("send smaller batches"), behind.message());
    }

    @Test
    void appendTimeOfTheBrokerIsTheTimeOfEveryRecord() {
        SimpleRecord bomb = new SimpleRecord(6, text("bomb"), new byte[2 * MIB]);
        MemoryRecords batch = batch(CompressionType.LZ4, List.of(bomb, bomb, bomb, bomb));
        batch.batches().iterator().next().setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 99);

        for (Record record : read(bounded(batch, LIMITS))) {
            assertEquals(99, record.timestamp());
        }
    }

    @Test
    void aBatchThatEndsWithinARecordIsAnErrorAsForThePlainConsumer() {
        byte[] value = new byte[100_000];
        new SplittableRandom(3).nextBytes(value);
        MemoryRecords batch =
                batch(CompressionType.GZIP, List.of(new SimpleRecord(1, text("k"), value)));
        ByteBuffer bytes = batch.buffer().duplicate();
        ByteBuffer cut = ByteBuffer.allocate(bytes.remaining() / 2);
        cut.put(bytes.slice(0, cut.capacity())).flip();
        cut.putInt(8, cut.capacity() - 12);
        MemoryRecords damaged = MemoryRecords.readableRecords(cut);

        assertThrows(RuntimeException.class, () -> read(damaged));
        assertThrows(RuntimeException.class, () -> read(bounded(damaged, LIMITS)));
    }

    @Test
    void onlyTheMarkersOwnBytesAreAMarker() {
        assertTrue(Oversized.parse(null).isEmpty());
        assertTrue(Oversized.parse(new byte[0]).isEmpty());
        assertTrue(Oversized.parse(new byte[25]).isEmpty());
        Oversized marker = Oversized.record(5L << 30, LIMITS);
        byte[] value = bytes(marker.toValue());
        assertEquals(marker, Oversized.parse(value).orElseThrow());
        assertArrayEquals(value, bytes(Oversized.parse(value).orElseThrow().toValue()));
        value[8]++;
        assertTrue(Oversized.parse(value).isEmpty(), "another version");
    }

    @Test
    void limitsThatHoldNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new FetchLimits(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new FetchLimits(2, 1));
    }

    private static org.apache.kafka.common.record.Records bounded(
            MemoryRecords records, FetchLimits limits) {
        return new BoundedFetch(limits).bounded(records);
    }

    private static MemoryRecords batch(CompressionType codec, List<SimpleRecord> records) {
        return MemoryRecords.withRecords(
                BASE, Compression.of(codec).build(), records.toArray(SimpleRecord[]::new));
    }

    /** Reads as the consumer does: batch by batch, through their streaming iterators. */
    private static List<Record> read(org.apache.kafka.common.record.Records records) {
        List<Record> found = new ArrayList<>();
        for (RecordBatch batch : records.batches()) {
            batch.ensureValid();
            try (CloseableIterator<Record> each =
                    batch.streamingIterator(BufferSupplier.create())) {
                each.forEachRemaining(found::add);
            } catch (java.io.UncheckedIOException e) {
                throw new KafkaException(e);
            }
        }
        return found;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String utf8(ByteBuffer buffer) {
        return new String(bytes(buffer), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
