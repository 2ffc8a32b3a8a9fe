package io.spectrawatch.ops.evaluate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes arrays as NumPy does, version 1.0 of the format. */
final class NpyWriter {
    private NpyWriter() {}

    /** Writes rows of fp32 numbers and returns the file. */
    static Path write(Path file, int rows, float[] values) throws IOException {
        String header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': ("
                        + rows
                        + ", "
                        + values.length / rows
                        + "), }\n";
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + text.length + values.length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) text.length).put(text);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Files.write(file, bytes.array());
    }
}
