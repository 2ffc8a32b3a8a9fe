package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.Topics;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records of topics in a file: gzip over a count, then of each record topic (text), partition,
 * timestamp, key and value (each a length, -1 for null, and as many bytes), all big-endian.
 */
final class Recording {

    private static final int NULL = -1;

    /** One record, without the offset that it had. */
    record Kept(Topics topic, int partition, long timestamp, byte[] key, byte[] value) {}

    private final List<Kept> records;

    private Recording(List<Kept> records) {
        this.records = records;
    }

    /** The baselines and what a job published. */
    static Recording of(Map<String, Object> client, String prefix, List<Topics> published) {
        List<Topics> topics = new ArrayList<>(published);
        topics.add(Topics.BASELINES);
        List<Kept> records = new ArrayList<>();
        for (Topics topic : topics) {
            Topic.scan(
                    client,
                    topic,
                    prefix,
                    each ->
                            records.add(
                                    new Kept(
                                            topic,
                                            each.partition(),
                                            each.timestamp(),
                                            each.key(),
                                            each.value())));
        }
        return new Recording(records);
    }

    static Recording read(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            int count = in.readInt();
            List<Kept> records = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                records.add(
                        new Kept(
                                Topics.valueOf(in.readUTF()),
                                in.readInt(),
                                in.readLong(),
                                bytes(in),
                                bytes(in)));
            }
            return new Recording(records);
        }
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (DataOutputStream out =
                new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(records.size());
            for (Kept each : records) {
                out.writeUTF(each.topic().name());
                out.writeInt(each.partition());
                out.writeLong(each.timestamp());
                bytes(out, each.key());
                bytes(out, each.value());
            }
        }
    }

    List<Kept> records(Topics topic) {
        return records.stream().filter(each -> each.topic() == topic).toList();
    }

    /** Publishes all records, those of a partition in their order. */
    void publish(Map<String, Object> client, String prefix) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        new HashMap<>(client),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (Kept each : records) {
                producer.send(
                        new ProducerRecord<>(
                                each.topic().topicName(prefix),
                                each.partition(),
                                each.timestamp(),
                                each.key(),
                                each.value()));
            }
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NULL ? null : in.readNBytes(length);
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }
}
