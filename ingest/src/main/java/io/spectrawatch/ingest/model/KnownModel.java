package io.spectrawatch.ingest.model;

import io.spectrawatch.ingest.state.StateFormat;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model version as a shard first accepted it, and the layers seen since.
 *
 * <pre>
 * version (1 byte) | ordinal (long) | digest (UTF) | layers (int) | layers x
 *     name (UTF) | index (int) | role (UTF) | columns (int)
 * </pre>
 *
 * Big-endian, text as {@link DataOutputStream#writeUTF} writes it.
 */
public final class KnownModel {

    private static final byte VERSION = 1;

    private final long ordinal;
    private final String digest;
    private final Map<String, KnownLayer> layers = new LinkedHashMap<>();

    /** What a layer is; role by name. */
    record KnownLayer(int index, String role, int columns) {

        static KnownLayer of(Layer layer) {
            return new KnownLayer(layer.getIndex(), layer.getRole().name(), layer.getColumns());
        }

        static KnownLayer of(LayerIdentity layer) {
            return new KnownLayer(layer.getIndex(), layer.getRole(), layer.getColumns());
        }

        /** Whether both may be the same layer; its place depends on which others are tapped. */
        boolean agrees(KnownLayer other) {
            return columns == other.columns && role.equals(other.role);
        }
    }

    /**
     * @param ordinal counts the model versions of the shard in the order of their first snapshots
     */
    KnownModel(long ordinal, String digest) {
        this.ordinal = ordinal;
        this.digest = digest;
    }

    long ordinal() {
        return ordinal;
    }

    String digest() {
        return digest;
    }

    Map<String, KnownLayer> layers() {
        return layers;
    }

    /** A version of its own that can go on from here. */
    KnownModel copy() {
        KnownModel copy = new KnownModel(ordinal, digest);
        copy.layers.putAll(layers);
        return copy;
    }

    /** Whether it has the digest and each of the layers of another, in the same form. */
    boolean covers(KnownModel other) {
        return digest.equals(other.digest)
                && other.layers.entrySet().stream()
                        .allMatch(
                                layer -> {
                                    KnownLayer own = layers.get(layer.getKey());
                                    return own != null && own.agrees(layer.getValue());
                                });
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(ordinal);
            out.writeUTF(digest);
            out.writeInt(layers.size());
            for (Map.Entry<String, KnownLayer> layer : layers.entrySet()) {
                out.writeUTF(layer.getKey());
                out.writeInt(layer.getValue().index());
                out.writeUTF(layer.getValue().role());
                out.writeInt(layer.getValue().columns());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    private boolean isPossible(int count) {
        return ordinal >= 0
                && count == layers.size()
                && layers.values().stream()
                        .allMatch(layer -> layer.index() >= 0 && layer.columns() > 0);
    }

    @Override
    public String toString() {
        return "model " + ordinal + " of digest " + digest + " with " + layers;
    }

    static KnownModel fromBytes(byte[] bytes) {
        StateFormat.check("known model", bytes, VERSION);
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1))) {
            KnownModel model = new KnownModel(in.readLong(), in.readUTF());
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                model.layers.put(name, new KnownLayer(in.readInt(), in.readUTF(), in.readInt()));
            }
            StateFormat.require(
                    "known model", model.isPossible(count), "layers as accepted", model);
            StateFormat.checkLength("known model", bytes.length, bytes.length - in.available());
            return model;
        } catch (IOException e) {
            throw new IllegalStateException("known model: cut short at " + bytes.length, e);
        }
    }
}
