package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A refused record as the rejected topic takes it: original key, value and headers, and why and
 * whence in headers.
 *
 * <table>
 * <caption>Headers, UTF-8 text</caption>
 * <tr><td>{@value #REASON}</td><td>name of the RejectionReason</td></tr>
 * <tr><td>{@value #MESSAGE}</td><td>what was allowed and what was found</td></tr>
 * <tr><td>{@value #TOPIC}, {@value #PARTITION}, {@value #OFFSET}</td><td>of the original, under the
 *     names Kafka Streams gives its own dead letters</td></tr>
 * <tr><td>{@value #CUT}</td><td>only when the original does not fit: the original lengths of key,
 *     value and number of headers</td></tr>
 * </table>
 *
 * <p>A record can outgrow the topic's limit only because the limit holds for the compressed batch
 * it came in. Sending it on would fail the transaction for ever, so it is cut to what fits; the
 * offset leads to the original. Of a record that was too large to be read there is no original: its
 * value is the {@link io.spectrawatch.schemas.fetch.Oversized} that came in its place.
 */
final class DeadLetter {

    static final String REASON = "spectrawatch.reason";
    static final String MESSAGE = "spectrawatch.message";
    static final String CUT = "spectrawatch.cut";
    static final String TOPIC = "__streams.errors.topic";
    static final String PARTITION = "__streams.errors.partition";
    static final String OFFSET = "__streams.errors.offset";

    /** Room for key and headers; the rest of the topic's limit is the value's. */
    private static final int KEY_BYTES = 8 * 1024;

    private static final int HEADER_BYTES = 32 * 1024;
    private static final int MESSAGE_CHARACTERS = 1024;

    /** Batch and record framing, and this class's own headers. */
    private static final int OWN_BYTES = 8 * 1024;

    /** Length prefixes of one header. */
    private static final int HEADER_FRAMING_BYTES = 10;

    private static final int VALUE_BYTES =
            Topics.MAX_RECORD_BYTES
                    + Topics.RECORD_OVERHEAD_BYTES
                    - KEY_BYTES
                    - HEADER_BYTES
                    - OWN_BYTES;

    private DeadLetter() {}

    static Record<ShardKey, byte[]> of(
            Record<byte[], byte[]> original, RecordMetadata source, Refused refused) {
        byte[] key = cut(original.key(), KEY_BYTES);
        byte[] value = cut(original.value(), VALUE_BYTES);
        boolean headersFit = size(original.headers()) <= HEADER_BYTES;
        Headers headers = new RecordHeaders();
        if (headersFit) {
            original.headers().forEach(headers::add);
        }
        add(headers, REASON, refused.reason().name());
        add(headers, MESSAGE, clip(refused.getMessage()));
        add(headers, TOPIC, source.topic());
        add(headers, PARTITION, Integer.toString(source.partition()));
        add(headers, OFFSET, Long.toString(source.offset()));
        if (key != original.key() || value != original.value() || !headersFit) {
            add(headers, CUT, lengths(original));
        }
        return new Record<>(
                new ShardKey(source.partition(), key), value, original.timestamp(), headers);
    }

    private static String lengths(Record<byte[], byte[]> original) {
        return "key="
                + (original.key() == null ? 0 : original.key().length)
                + " value="
                + (original.value() == null ? 0 : original.value().length)
                + " headers="
                + original.headers().toArray().length;
    }

    private static byte[] cut(byte[] bytes, int limit) {
        return bytes == null || bytes.length <= limit ? bytes : Arrays.copyOf(bytes, limit);
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += HEADER_FRAMING_BYTES + header.key().getBytes(StandardCharsets.UTF_8).length;
            size += header.value() == null ? 0 : header.value().length;
        }
        return size;
    }

    private static String clip(String message) {
        return message.length() <= MESSAGE_CHARACTERS
                ? message
                : message.substring(0, MESSAGE_CHARACTERS);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
