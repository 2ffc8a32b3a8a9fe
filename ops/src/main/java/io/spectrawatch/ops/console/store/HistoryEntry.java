package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * A part of the history of a model as bytes: one layer, one interface, the samples, or what is said
 * of the whole model.
 *
 * <pre>
 *   int8   1 layer, 2 interface, 3 samples, 4 model
 *   text x 4  model, version, segment or absent, name of the layer or interface or absent
 *   then the part's own fields; records are bytes in the encoding of their topics
 * </pre>
 *
 * @param kind what of the model
 * @param model the model
 * @param name layer or interface, null for the others
 * @param fields the part's own fields, to be read
 */
record HistoryEntry(int kind, WatchedModel model, String name, ByteReader fields) {

    static final int LAYER = 1;
    static final int INTERFACE = 2;
    static final int SAMPLES = 3;
    static final int MODEL = 4;

    /** Adds what has changed since the last time, by key. */
    static void addChanges(
            WatchedModel key, ModelHistory model, SortedMap<String, byte[]> changed) {
        for (Map.Entry<String, LayerHistory> each : model.layers().entrySet()) {
            if (each.getValue().takeChanged()) {
                add(LAYER, key, each.getKey(), each.getValue()::write, changed);
            }
        }
        for (Map.Entry<String, InterfaceHistory> each : model.interfaces().entrySet()) {
            if (each.getValue().takeChanged()) {
                add(INTERFACE, key, each.getKey(), each.getValue()::write, changed);
            }
        }
        if (model.samples().takeChanged()) {
            add(SAMPLES, key, null, model.samples()::write, changed);
        }
        if (model.takeChanged()) {
            add(MODEL, key, null, model::write, changed);
        }
    }

    private static void add(
            int kind,
            WatchedModel key,
            String name,
            Consumer<ByteWriter> fields,
            SortedMap<String, byte[]> changed) {
        ByteWriter out =
                new ByteWriter(ByteOrder.LITTLE_ENDIAN, 1 << 14)
                        .int8(kind)
                        .text(key.model())
                        .text(key.version())
                        .text(key.segment())
                        .text(name);
        fields.accept(out);
        String segment = key.segment() == null ? "" : "in " + key.segment();
        changed.put(
                Topics.key(
                        "history",
                        key.model(),
                        key.version(),
                        segment,
                        Integer.toString(kind),
                        name == null ? "" : name),
                out.toBytes());
    }

    /**
     * @throws StoreFormatException if these are no bytes of an entry
     */
    static HistoryEntry read(byte[] value) {
        ByteReader in =
                new ByteReader(
                        value,
                        ByteOrder.LITTLE_ENDIAN,
                        "part of a history",
                        StoreFormatException::new);
        int kind = in.int8();
        in.require(kind >= LAYER && kind <= MODEL, "a kind from 1 to 4", kind);
        WatchedModel model =
                new WatchedModel(in.requiredText(), in.requiredText(), in.optionalText());
        String name = in.optionalText();
        in.require(
                (name != null) == (kind == LAYER || kind == INTERFACE),
                "the name of a layer or interface, and of nothing else",
                name);
        return new HistoryEntry(kind, model, name, in);
    }

    /** Writes a record, or that there is none. */
    static void record(ByteWriter out, SpecificRecord record) {
        out.flag(record != null);
        if (record != null) {
            out.bytes(Wire.encode(record));
        }
    }

    /** Reads a record, null where there was none. */
    static <T extends SpecificRecord> T record(ByteReader in, Class<T> type) {
        return in.flag() ? Wire.decode(in.bytes(), type) : null;
    }
}
