package io.spectrawatch.ops.show;

import io.spectrawatch.schemas.Topics;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Values of records one after the other, as other tools write them.
 *
 * <p>Length-prefixed is {@code kcat -f '%R%s'}:
 *
 * <pre>
 * 0        4              4 + n    4 + n + 4
 * +--------+--------------+--------+----
 * | n (BE) | value        | n (BE) | ...      n = -1: a record without a value
 * +--------+--------------+--------+----
 * </pre>
 */
public final class RecordFrames {

    /** How values are told apart. */
    public enum Framing {
        /** A big-endian length of four bytes before each value. */
        LENGTH_PREFIXED,
        /** One value: everything. */
        RAW,
        /** A line of hexadecimal digits for each value. */
        HEX,
        /** A line of base64 for each value. */
        BASE64;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int MOST_BYTES = Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    private final Framing framing;
    private final DataInputStream in;
    private final BufferedReader lines;
    private long read;

    public RecordFrames(InputStream in, Framing framing) {
        this.framing = framing;
        this.in = new DataInputStream(in);
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    }

    /**
     * A value.
     *
     * @param number of the record in the input, from 1
     * @param value null where the record has none
     */
    public record Frame(long number, byte[] value) {}

    /**
     * Reads the next value.
     *
     * @return null at the end
     * @throws IOException if the input is not framed so, or a value is larger than any record
     */
    public Frame next() throws IOException {
        return switch (framing) {
            case LENGTH_PREFIXED -> prefixed();
            case RAW -> whole();
            case HEX, BASE64 -> line();
        };
    }

    private Frame prefixed() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        read++;
        try {
            int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            if (length == -1) {
                return new Frame(read, null);
            }
            if (length < 0 || length > MOST_BYTES) {
                throw wrong("a length up to " + MOST_BYTES + " expected, found " + length);
            }
            byte[] value = in.readNBytes(length);
            if (value.length < length) {
                throw wrong(length + " bytes expected, found " + value.length);
            }
            return new Frame(read, value);
        } catch (EOFException e) {
            throw wrong("it ends within a length");
        }
    }

    private IOException wrong(String what) {
        return new IOException(
                "record "
                        + read
                        + " of the input: "
                        + what
                        + "; kcat writes this form with -f '%R%s', --input names others");
    }

    private Frame whole() throws IOException {
        if (read > 0) {
            return null;
        }
        byte[] value = in.readNBytes(MOST_BYTES + 1);
        if (value.length > MOST_BYTES) {
            throw new IOException("one value of at most " + MOST_BYTES + " bytes expected");
        }
        read++;
        return value.length == 0 ? null : new Frame(read, value);
    }

    private Frame line() throws IOException {
        String line = lines.readLine();
        while (line != null && line.isBlank()) {
            line = lines.readLine();
        }
        if (line == null) {
            return null;
        }
        read++;
        try {
            String text = line.strip();
            return new Frame(
                    read,
                    framing == Framing.HEX
                            ? HexFormat.of().parseHex(text)
                            : Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "record "
                            + read
                            + " of the input is no line of "
                            + (framing == Framing.HEX ? "hexadecimal digits" : "base64")
                            + ": "
                            + e.getMessage());
        }
    }
}
