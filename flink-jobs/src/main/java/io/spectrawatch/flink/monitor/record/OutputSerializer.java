package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes records as they are into the topics they name, with the end of the pane as Kafka's
 * timestamp.
 *
 * <p>It names all topics to the sink, which lists their transactions to abort what a failed run
 * left open.
 */
public final class OutputSerializer
        implements KafkaRecordSerializationSchema<OutputRecord>, KafkaDatasetFacetProvider {

    private static final long serialVersionUID = 1L;

    /** What the job writes. */
    static final List<Topics> TOPICS =
            List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.SCORES, Topics.ALERTS);

    private final EnumMap<Topics, String> names = new EnumMap<>(Topics.class);

    public OutputSerializer(String prefix) {
        TOPICS.forEach(topic -> names.put(topic, topic.topicName(prefix)));
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            OutputRecord element, KafkaSinkContext context, Long timestamp) {
        String topic = names.get(element.topic());
        if (topic == null) {
            throw new IllegalArgumentException(
                    "output: one of " + TOPICS + " expected, found " + element.topic());
        }
        return new ProducerRecord<>(
                topic,
                partition(element.key(), context.getPartitionsForTopic(topic)),
                element.timestamp(),
                element.key(),
                element.value());
    }

    /** All records of a model version go to one, so that they keep their order. */
    private static int partition(byte[] key, int[] partitions) {
        if (partitions.length == 1) {
            return partitions[0];
        }
        String model = Topics.modelOf(new String(key, StandardCharsets.UTF_8));
        return partitions[SpreadKeys.slotOf(model, partitions.length)];
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(
                new DefaultKafkaDatasetFacet(
                        DefaultKafkaDatasetIdentifier.ofTopics(List.copyOf(names.values()))));
    }
}
