package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.linalg.Dense;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/** Reads what {@link FrameWriter} wrote and refuses everything else. */
public final class FrameReader {
    private final String what;
    private final ByteBuffer in;
    private final int version;

    /** Checks the magic and that the version is one of those known. */
    public FrameReader(String what, byte[] bytes, int magic, int... known) {
        this.what = what;
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Integer.BYTES + 1 || in.getInt() != magic) {
            throw new CertificateFormatException(
                    what + " bytes: not a " + what + " (" + bytes.length + " bytes)");
        }
        this.version = in.get();
        if (Arrays.stream(known).noneMatch(each -> each == version)) {
            throw new CertificateFormatException(
                    what
                            + " bytes: known version"
                            + (known.length == 1 ? " " : "s ")
                            + Arrays.stream(known)
                                    .mapToObj(Integer::toString)
                                    .collect(Collectors.joining(", "))
                            + ", found "
                            + version);
        }
    }

    /** Returns the version found. */
    public int version() {
        return version;
    }

    /** Takes the CRC-32C at the end off, after checking it. */
    public FrameReader checked() {
        int end = in.limit() - Integer.BYTES;
        CRC32C crc = new CRC32C();
        if (end >= in.position()) {
            crc.update(in.array(), 0, end);
        }
        if (end < in.position() || in.getInt(end) != (int) crc.getValue()) {
            throw new CertificateFormatException(
                    what + " bytes: the checksum does not match, the bytes are damaged");
        }
        in.limit(end);
        return this;
    }

    private ByteBuffer need(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new CertificateFormatException(
                    what
                            + " bytes: "
                            + bytes
                            + " more expected at offset "
                            + in.position()
                            + ", found "
                            + in.remaining());
        }
        return in;
    }

    public int int8() {
        return need(1).get();
    }

    public boolean flag() {
        int value = int8();
        if (value != 0 && value != 1) {
            throw bad("a flag of 0 or 1", value);
        }
        return value == 1;
    }

    public int int32() {
        return need(Integer.BYTES).getInt();
    }

    /** Reads a count or size between two bounds. */
    public int int32(String name, int least, int most) {
        int value = int32();
        if (value < least || value > most) {
            throw bad(name + " from " + least + " to " + most, value);
        }
        return value;
    }

    public long int64() {
        return need(Long.BYTES).getLong();
    }

    public double fp64() {
        return need(Double.BYTES).getDouble();
    }

    public double[] fp64(long count) {
        need(Math.multiplyExact(count, Double.BYTES));
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getDouble();
        }
        return values;
    }

    public double[] finite(long count) {
        double[] values = fp64(count);
        if (!Dense.allFinite(values)) {
            throw new CertificateFormatException(what + " bytes: finite values expected");
        }
        return values;
    }

    public int[] int32(long count) {
        need(Math.multiplyExact(count, Integer.BYTES));
        int[] values = new int[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getInt();
        }
        return values;
    }

    public boolean[] bits(long count) {
        need((count + 7) / 8);
        byte[] packed = new byte[(int) ((count + 7) / 8)];
        in.get(packed);
        boolean[] values = new boolean[(int) count];
        for (int i = 0; i < packed.length * 8; i++) {
            boolean bit = (packed[i / 8] >> i % 8 & 1) == 1;
            if (i < count) {
                values[i] = bit;
            } else if (bit) {
                throw new CertificateFormatException(what + " bytes: padding bits must be 0");
            }
        }
        return values;
    }

    public byte[] bytes() {
        int count = int32();
        need(count);
        byte[] value = new byte[count];
        in.get(value);
        return value;
    }

    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
        } catch (CharacterCodingException e) {
            throw new CertificateFormatException(what + " bytes: UTF-8 text expected");
        }
    }

    public CertificateFormatException bad(String allowed, Object found) {
        return new CertificateFormatException(
                what + " bytes: " + allowed + " expected, found " + found);
    }

    public void end() {
        if (in.hasRemaining()) {
            throw new CertificateFormatException(
                    what + " bytes: " + in.remaining() + " bytes too many");
        }
    }
}
