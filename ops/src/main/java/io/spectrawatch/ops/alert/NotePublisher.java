package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes notes. */
final class NotePublisher {

    private static final long MICROS_PER_MILLI = 1000;

    private NotePublisher() {}

    static AlertNote note(Alert alert, AlertNoteKind kind, AlertLog.Says says, Long mutedUntil) {
        return AlertNote.newBuilder()
                .setAlertId(alert.getId())
                .setKind(kind)
                .setAuthor(says.author())
                .setWrittenAt(says.at())
                .setReason(says.reason())
                .setMutedUntil(mutedUntil)
                .setModelId(alert.getModelId())
                .setModelVersion(alert.getModelVersion())
                .setSegment(alert.getSegment())
                .setAlertKind(alert.getKind())
                .setSubject(AlertSubject.of(alert).part())
                .setDetector(alert.getDetector())
                .setPaneEnd(alert.getPaneEnd())
                .build();
    }

    /** Returns when the brokers have acknowledged the note. */
    static void publish(AlertNote note, Map<String, Object> client, String prefix)
            throws IOException {
        String topic = Topics.ALERT_NOTES.topicName(prefix);
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        topic,
                        null,
                        Math.floorDiv(note.getWrittenAt(), MICROS_PER_MILLI),
                        note.getAlertId().getBytes(StandardCharsets.UTF_8),
                        Wire.encode(note));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IOException("cannot write " + topic + ": " + e.getCause().getMessage(), e);
        } catch (KafkaException e) {
            throw new IOException("cannot write " + topic + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing " + topic, e);
        }
    }
}
