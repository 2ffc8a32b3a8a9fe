package io.spectrawatch.spectral.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf fields: varints, length-delimited values and messages. */
final class ProtoWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoWriter integer(int field, long value) {
        rawVarint((long) field << 3);
        return rawVarint(value);
    }

    ProtoWriter bytes(int field, byte[] value) {
        rawVarint((long) field << 3 | 2);
        rawVarint(value.length);
        out.writeBytes(value);
        return this;
    }

    ProtoWriter string(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.toByteArray());
    }

    ProtoWriter fixed32(int field, int value) {
        rawVarint((long) field << 3 | 5);
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
        return this;
    }

    /** Appends another writer's fields. */
    ProtoWriter append(ProtoWriter fields) {
        out.writeBytes(fields.toByteArray());
        return this;
    }

    ProtoWriter rawVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
