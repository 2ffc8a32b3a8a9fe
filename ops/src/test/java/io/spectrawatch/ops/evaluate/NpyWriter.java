package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes arrays as NumPy does, version 1.0 of the format. */
final class NpyWriter {
    private NpyWriter() {}

    /** Writes rows of fp32 numbers and returns the file. */
    static Path write(Path file, int rows, float[] values) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        String shape = rows + ", " + values.length / rows;
        return Files.write(file, NpyBytes.array("<f4", shape, bytes.array()));
    }
}
