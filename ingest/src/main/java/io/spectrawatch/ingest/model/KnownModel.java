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
 *     name (UTF) | index (int) | role (UTF) | columns (int) | tap (UTF)
 * </pre>
 *
 * Big-endian, text as {@link DataOutputStream#writeUTF} writes it; the tap is empty where no client
 * has said. Version 1 has no taps.
 */
public final class KnownModel {

    private static final byte VERSION = 2;
    private static final byte WITHOUT_TAPS = 1;

    private final long ordinal;
    private final String digest;
    private final Map<String, KnownLayer> layers = new LinkedHashMap<>();

    /**
     * What a layer is; role by name.
     *
     * @param tap what exactly is tapped, null where no client has said
     */
    record KnownLayer(int index, String role, int columns, String tap) {

        static KnownLayer of(Layer layer) {
            return new KnownLayer(
                    layer.getIndex(), layer.getRole().name(), layer.getColumns(), layer.getTap());
        }

        static KnownLayer of(LayerIdentity layer) {
            return new KnownLayer(
                    layer.getIndex(), layer.getRole(), layer.getColumns(), layer.getTap());
        }

        /** Whether both may be the same layer; its place depends on which others are tapped. */
        boolean agrees(KnownLayer other) {
            return columns == other.columns
                    && role.equals(other.role)
                    && (tap == null || other.tap == null || tap.equals(other.tap));
        }

        /** Whether it says all that another one says of the same layer. */
        boolean covers(KnownLayer other) {
            return agrees(other) && saysTapOf(other.tap);
        }

        /** Whether the tap is known if the other one is. */
        boolean saysTapOf(String other) {
            return tap != null || other == null;
        }

        /** With the tap of one that agrees, where its own is not known. */
        KnownLayer with(KnownLayer other) {
            return saysTapOf(other.tap) ? this : new KnownLayer(index, role, columns, other.tap);
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

    /** Adds a layer, or what it says of one that is known and agrees with it. */
    KnownLayer add(String name, KnownLayer layer) {
        return layers.merge(name, layer, KnownLayer::with);
    }

    /** Whether it has the digest and each of the layers of another, in the same form. */
    boolean covers(KnownModel other) {
        return digest.equals(other.digest)
                && other.layers.entrySet().stream()
                        .allMatch(
                                layer -> {
                                    KnownLayer own = layers.get(layer.getKey());
                                    return own != null && own.covers(layer.getValue());
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
                out.writeUTF(layer.getValue().tap() == null ? "" : layer.getValue().tap());
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
        boolean withoutTaps = bytes.length > 0 && bytes[0] == WITHOUT_TAPS;
        if (!withoutTaps) {
            StateFormat.check("known model", bytes, VERSION);
        }
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1))) {
            KnownModel model = new KnownModel(in.readLong(), in.readUTF());
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                model.layers.put(
                        name,
                        new KnownLayer(
                                in.readInt(),
                                in.readUTF(),
                                in.readInt(),
                                withoutTaps ? null : tap(in.readUTF())));
            }
            StateFormat.require(
                    "known model", model.isPossible(count), "layers as accepted", model);
            StateFormat.checkLength("known model", bytes.length, bytes.length - in.available());
            return model;
        } catch (IOException e) {
            throw new IllegalStateException("known model: cut short at " + bytes.length, e);
        }
    }

    private static String tap(String stored) {
        return stored.isEmpty() ? null : stored;
    }
}
