package io.spectrawatch.schemas.fetch;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.record.DefaultRecord;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/**
 * The records of one compressed batch, in their order, in bounded memory and time: a record beyond
 * the limit is skipped while it is decompressed, and behind the batch's limit nothing is read. In
 * the place of either stands an {@link Oversized} under the record's offset.
 *
 * <pre>
 * record  varint   bytes that follow
 *         1 byte   attributes
 *         varlong  timestamp, less the batch's base timestamp
 *         varint   offset, less the batch's base offset
 *         varint   bytes of the key, -1 for none; then the key
 *         varint   bytes of the value, -1 for none; then the value
 *         varint   headers; then the headers
 * </pre>
 *
 * <p>Source: the record format, version 2, of Kafka's documentation (Message Format).
 */
final class BoundedRecords implements CloseableIterator<Record> {

    private final DefaultRecordBatch batch;
    private final FetchLimits limits;
    private final InputStream stream;
    private final Long appendTime;
    private final int count;
    private int taken;
    private long decompressed;
    private boolean exhausted;

    BoundedRecords(DefaultRecordBatch batch, BufferSupplier buffers, FetchLimits limits) {
        this.batch = batch;
        this.limits = limits;
        this.stream = batch.recordInputStream(buffers);
        this.appendTime =
                batch.timestampType() == TimestampType.LOG_APPEND_TIME
                        ? (Long) batch.maxTimestamp()
                        : null;
        this.count = batch.countOrNull();
    }

    @Override
    public boolean hasNext() {
        return taken < count;
    }

    @Override
    public Record next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            Record record = exhausted ? unread() : read();
            taken++;
            return record;
        } catch (EOFException e) {
            throw new InvalidRecordException(
                    "the batch at offset " + batch.baseOffset() + " ends within its records", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Record read() throws IOException {
        int body = ByteUtils.readVarint(stream);
        if (body < 0) {
            throw new InvalidRecordException(
                    "a record of the batch at offset "
                            + batch.baseOffset()
                            + " claims "
                            + body
                            + " bytes");
        }
        if (body <= limits.recordBytes() && decompressed + body <= limits.batchBytes()) {
            decompressed += body;
            return whole(body);
        }
        if (decompressed + body > limits.batchBytes()) {
            exhausted = true;
            return unread();
        }
        decompressed += body;
        return skipped(body);
    }

    private Record whole(int body) throws IOException {
        int prefix = ByteUtils.sizeOfVarint(body);
        ByteBuffer buffer = ByteBuffer.allocate(prefix + body);
        ByteUtils.writeVarint(body, buffer);
        if (stream.readNBytes(buffer.array(), prefix, body) < body) {
            throw new EOFException();
        }
        return decoded(buffer.rewind());
    }

    private Record skipped(int body) throws IOException {
        Counted prefix = new Counted(stream);
        prefix.skipNBytes(1);
        long timestampDelta = ByteUtils.readVarlong(prefix);
        int offsetDelta = ByteUtils.readVarint(prefix);
        int keySize = ByteUtils.readVarint(prefix);
        ByteBuffer key = null;
        if (keySize >= 0 && keySize <= Oversized.KEY_BYTES) {
            key = ByteBuffer.wrap(prefix.readNBytes(keySize));
        }
        stream.skipNBytes(body - prefix.count());
        return placed(Oversized.record(body, limits), offsetDelta, timestampDelta, key);
    }

    /**
     * Stands for a record that is not decompressed. Its offset follows from its place, since
     * offsets of a batch are consecutive until a topic is compacted.
     */
    private Record unread() throws IOException {
        int offsetDelta = (int) (batch.lastOffset() - batch.baseOffset()) - (count - 1 - taken);
        long timestampDelta = batch.maxTimestamp() - batch.baseTimestamp();
        return placed(Oversized.behind(limits), offsetDelta, timestampDelta, null);
    }

    private Record placed(Oversized value, int offsetDelta, long timestampDelta, ByteBuffer key)
            throws IOException {
        try (ByteBufferOutputStream out = new ByteBufferOutputStream(256)) {
            DefaultRecord.writeTo(
                    new DataOutputStream(out),
                    offsetDelta,
                    timestampDelta,
                    key,
                    value.toValue(),
                    Record.EMPTY_HEADERS);
            return decoded(out.buffer().flip());
        }
    }

    private Record decoded(ByteBuffer buffer) {
        return DefaultRecord.readFrom(
                buffer,
                batch.baseOffset(),
                batch.baseTimestamp(),
                batch.baseSequence(),
                appendTime);
    }

    @Override
    public void close() {
        Utils.closeQuietly(stream, "record stream");
    }

    /** Counts what is read through it. */
    private static final class Counted extends FilterInputStream {

        private int count;

        Counted(InputStream in) {
            super(in);
        }

        int count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            count += (int) skipped;
            return skipped;
        }
    }
}
