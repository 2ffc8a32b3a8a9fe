package io.spectrawatch.flink.verdict;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Values of the validated log with each accepted snapshot in the place of its verdict, as if the
 * log held copies: {@code value.deserializer} of a consumer of it.
 *
 * <p>It reads the activations topic beside it, with the consumer's own properties. A verdict whose
 * snapshot is gone, or no longer the one that was accepted, stays as it is: what takes it then says
 * that it left a record out.
 */
public final class AcceptedValues implements Deserializer<byte[]> {

    /**
     * Most records that a consumer may hand out at a time: a verdict is small and its snapshot
     * large, so what bounds the bytes of a fetch bounds nothing here.
     */
    public static final int AT_ONCE = 8;

    /** Header of a record whose value was compared with its verdict: SHA-256 of the value. */
    private static final String VERIFIED = "spectrawatch.verified";

    private Map<String, ?> client;
    private AcceptedSnapshots snapshots;

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        this.client = configs;
    }

    @Override
    public byte[] deserialize(String topic, byte[] data) {
        throw new UnsupportedOperationException("a record of a log has headers");
    }

    /**
     * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
     */
    @Override
    public byte[] deserialize(String topic, Headers headers, byte[] data) {
        // Whoever wrote the log may have written such a header too.
        headers.remove(VERIFIED);
        AcceptedSnapshot verdict = data == null ? null : verdict(data);
        if (verdict == null) {
            return data;
        }
        if (snapshots == null) {
            snapshots = AcceptedSnapshots.open(client, Topics.activationsOf(topic));
        }
        Optional<byte[]> copy = snapshots.copy(verdict);
        copy.ifPresent(value -> headers.add(VERIFIED, digest(verdict)));
        return copy.orElse(data);
    }

    /** SHA-256 of a record's value where it was computed as the record was read; else null. */
    public static byte[] digest(ConsumerRecord<byte[], byte[]> record) {
        Header verified = record.headers().lastHeader(VERIFIED);
        return verified == null ? null : verified.value();
    }

    /** The verdict that a value is; null for anything else, also for what cannot be decoded. */
    static AcceptedSnapshot verdict(byte[] value) {
        if (!LoggedSnapshot.isVerdict(value)) {
            return null;
        }
        try {
            return Wire.decode(value, AcceptedSnapshot.class);
        } catch (WireException e) {
            // Who decodes it next says why it cannot be.
            return null;
        }
    }

    /** SHA-256 that a verdict names. */
    static byte[] digest(AcceptedSnapshot verdict) {
        ByteBuffer buffer = verdict.getSha256();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        if (snapshots != null) {
            snapshots.close();
        }
    }
}
