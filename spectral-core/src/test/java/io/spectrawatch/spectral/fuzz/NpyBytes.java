package io.spectrawatch.spectral.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Arrays as NumPy writes them, and nearly so. */
public final class NpyBytes {
    private NpyBytes() {}

    /** Returns an array of version 1.0. */
    public static byte[] array(String type, String shape, byte... values) {
        String header =
                "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        return file(1, header, values);
    }

    /** Returns a file with any header. */
    public static byte[] file(int version, String header, byte... values) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(8 + (version == 1 ? 2 : 4) + text.length + values.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            out.putShort((short) text.length);
        } else {
            out.putInt(text.length);
        }
        return out.put(text).put(values).array();
    }
}
