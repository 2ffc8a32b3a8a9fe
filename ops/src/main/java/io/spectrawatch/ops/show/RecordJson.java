package io.spectrawatch.ops.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records as JSON: fields by their names in the order of the schema, maps in the order of their
 * keys, times as microseconds since the epoch.
 *
 * <p>Bytes up to {@value #SHORT_BYTES} are hex. Longer ones are told by their number and SHA-256,
 * activations by what their values are too; with data they are base64.
 */
public final class RecordJson {

    /** A digest, or a little more. */
    static final int SHORT_BYTES = 64;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final boolean data;

    /**
     * @param data whether long bytes are given in full
     */
    public RecordJson(boolean data) {
        this.data = data;
    }

    /** The record, without its type. */
    public ObjectNode tree(SpecificRecord record) {
        ObjectNode node = NODES.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            node.set(field.name(), value(record, field));
        }
        return node;
    }

    /** The record beside the name of its type. */
    public ObjectNode typed(SpecificRecord record) {
        ObjectNode node = NODES.objectNode();
        node.put("type", record.getSchema().getName());
        node.set("value", tree(record));
        return node;
    }

    /**
     * The record that bytes hold.
     *
     * @throws WireException if they hold none
     */
    public ObjectNode decoded(byte[] value) {
        return typed(Wire.decode(value));
    }

    private JsonNode value(SpecificRecord record, Schema.Field field) {
        Object value = record.get(field.pos());
        if (value instanceof ByteBuffer bytes) {
            if (record instanceof LateSnapshot) {
                return nested(bytes);
            }
            if (record instanceof Layer layer && !data) {
                return ActivationSummary.of(layer, describe(bytes));
            }
        }
        return value(value);
    }

    private JsonNode nested(ByteBuffer bytes) {
        try {
            return decoded(copy(bytes));
        } catch (WireException e) {
            ObjectNode node = describe(bytes);
            node.put("undecodable", e.getMessage());
            return node;
        }
    }

    private JsonNode value(Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof SpecificRecord record) {
            return tree(record);
        }
        if (value instanceof Collection<?> list) {
            ArrayNode node = NODES.arrayNode();
            list.forEach(each -> node.add(value(each)));
            return node;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(key.toString(), each));
            sorted.forEach((key, each) -> node.set(key, value(each)));
            return node;
        }
        if (value instanceof ByteBuffer bytes) {
            return bytes(bytes);
        }
        return scalar(value);
    }

    private static JsonNode scalar(Object value) {
        if (value instanceof Long number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Double number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        return NODES.textNode(value.toString());
    }

    private JsonNode bytes(ByteBuffer bytes) {
        if (bytes.remaining() <= SHORT_BYTES) {
            return NODES.textNode(HexFormat.of().formatHex(copy(bytes)));
        }
        return data
                ? NODES.textNode(Base64.getEncoder().encodeToString(copy(bytes)))
                : describe(bytes);
    }

    private static ObjectNode describe(ByteBuffer bytes) {
        ObjectNode node = NODES.objectNode();
        node.put("bytes", bytes.remaining());
        node.put("sha256", Sha256.hex(copy(bytes)));
        return node;
    }

    /** What remains; the buffer stays as it is. */
    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
