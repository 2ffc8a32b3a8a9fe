package io.spectrawatch.spectral.detect.reference;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Ids that clients choose, of any length: {@code int bytes | UTF-8}. */
public final class Names {
    private Names() {}

    public static void write(DataOutput out, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    public static String read(DetectorInput in, String what) throws IOException {
        byte[] bytes = new byte[in.count("bytes of a " + what, 0, 1)];
        in.readFully(bytes);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
