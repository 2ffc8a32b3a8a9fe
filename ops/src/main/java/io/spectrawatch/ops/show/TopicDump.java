package io.spectrawatch.ops.show;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.binary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Records of a topic as JSON, partition after partition. */
public final class TopicDump {

    private final RecordJson json;
    private long left;
    private long undecodable;

    /**
     * @param limit records at most
     */
    public TopicDump(RecordJson json, long limit) {
        this.json = json;
        this.left = limit;
    }

    /**
     * What to read.
     *
     * @param topic full name
     * @param partition one partition, or null for all
     * @param fromOffset its first offset, or null
     * @param since records stamped then or later, milliseconds since the epoch; null for all
     * @param until up to the first that is stamped then or later; null for the present end
     */
    public record Part(String topic, Integer partition, Long fromOffset, Long since, Long until) {}

    /**
     * Reads, and hands on a tree for each record.
     *
     * @return how many values could not be decoded
     * @throws IOException if the topic or the partition does not exist
     */
    public long read(Map<String, Object> client, Part part, Consumer<ObjectNode> sink)
            throws IOException {
        try (TopicRange range = new TopicRange(client, part.topic())) {
            Integer only = part.partition();
            if (only != null && (only < 0 || only >= range.partitions())) {
                throw new IOException(
                        part.topic()
                                + " has partitions 0 to "
                                + (range.partitions() - 1)
                                + ", found "
                                + only);
            }
            for (int each = 0; each < range.partitions() && left > 0; each++) {
                if (only == null || only == each) {
                    read(range, each, part, sink);
                }
            }
        }
        return undecodable;
    }

    private void read(TopicRange range, int partition, Part part, Consumer<ObjectNode> sink)
            throws IOException {
        long from = range.beginning(partition);
        if (part.fromOffset() != null) {
            from = Math.max(from, part.fromOffset());
        } else if (part.since() != null) {
            from = range.at(partition, part.since());
        }
        long end = range.end(partition);
        long to = part.until() == null ? end : Math.min(end, range.at(partition, part.until()));
        range.readWhile(
                partition,
                from,
                to,
                record -> {
                    sink.accept(tree(record));
                    left--;
                    return left > 0;
                });
    }

    private ObjectNode tree(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("topic", record.topic());
        node.put("partition", record.partition());
        node.put("offset", record.offset());
        node.put("timestamp", record.timestamp());
        node.put("key", record.key() == null ? null : text(record.key()));
        ObjectNode headers = node.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? null : text(header.value()));
        }
        if (record.headers().toArray().length == 0) {
            node.remove("headers");
        }
        return node.setAll(value(record.value()));
    }

    /** What a value holds, or why that is not known. */
    public ObjectNode value(byte[] value) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (value == null) {
            return node.putNull("value");
        }
        try {
            return json.decoded(value);
        } catch (WireException e) {
            undecodable++;
            node.put("undecodable", e.getMessage());
            node.put("bytes", value.length);
            return node.put("sha256", Sha256.hex(value));
        }
    }

    /** Values that could not be decoded so far. */
    public long undecodable() {
        return undecodable;
    }

    /** UTF-8 where it is, else hex. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return HexFormat.of().formatHex(bytes);
        }
    }
}
