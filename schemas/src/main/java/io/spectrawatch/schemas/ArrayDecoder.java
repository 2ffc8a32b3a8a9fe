package io.spectrawatch.schemas;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.SystemLimitException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary decoder over an array, but for long {@code bytes}: these are views of the array
 * instead of copies, because the rows of a snapshot are nearly all of its megabytes. Short ones are
 * copied, so that they do not keep the array.
 */
final class ArrayDecoder extends Decoder {

    /** From here on a field is a view. */
    static final int LEAST_VIEW_BYTES = 4096;

    private final byte[] array;
    private final BinaryDecoder decoder;

    /**
     * @param from where the body begins; it goes on to the end of the array
     */
    ArrayDecoder(byte[] array, int from) {
        this.array = array;
        this.decoder = DecoderFactory.get().binaryDecoder(array, from, array.length - from, null);
    }

    boolean isEnd() throws IOException {
        return decoder.isEnd();
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        int length = SystemLimitException.checkMaxBytesLength(decoder.readLong());
        int remaining = decoder.remainingBytes();
        if (length > remaining) {
            throw new EOFException(
                    "Attempted to read "
                            + length
                            + " bytes, but only "
                            + remaining
                            + " bytes are available");
        }
        if (length < LEAST_VIEW_BYTES) {
            byte[] copy = new byte[length];
            decoder.readFixed(copy, 0, length);
            return ByteBuffer.wrap(copy);
        }
        decoder.skipFixed(length);
        return ByteBuffer.wrap(array, array.length - remaining, length).slice();
    }

    @Override
    public void readNull() throws IOException {
        decoder.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return decoder.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return decoder.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return decoder.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return decoder.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return decoder.readDouble();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return decoder.readString(old);
    }

    @Override
    public String readString() throws IOException {
        return decoder.readString();
    }

    @Override
    public void skipString() throws IOException {
        decoder.skipString();
    }

    @Override
    public void skipBytes() throws IOException {
        decoder.skipBytes();
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        decoder.readFixed(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        decoder.skipFixed(length);
    }

    @Override
    public int readEnum() throws IOException {
        return decoder.readEnum();
    }

    @Override
    public long readArrayStart() throws IOException {
        return decoder.readArrayStart();
    }

    @Override
    public long arrayNext() throws IOException {
        return decoder.arrayNext();
    }

    @Override
    public long skipArray() throws IOException {
        return decoder.skipArray();
    }

    @Override
    public long readMapStart() throws IOException {
        return decoder.readMapStart();
    }

    @Override
    public long mapNext() throws IOException {
        return decoder.mapNext();
    }

    @Override
    public long skipMap() throws IOException {
        return decoder.skipMap();
    }

    @Override
    public int readIndex() throws IOException {
        return decoder.readIndex();
    }

    @Override
    public int remainingBytes() {
        return decoder.remainingBytes();
    }
}
