package io.spectrawatch.flink.log;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands a Kafka record on undecoded, so that the source stays cheap; partition = shard. */
final class ValidatedDeserializer implements KafkaRecordDeserializationSchema<ShardRecord> {

    private static final long serialVersionUID = 1L;
    private static final byte[] TOMBSTONE = {};

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ShardRecord> out) {
        byte[] value = record.value() == null ? TOMBSTONE : record.value();
        out.collect(ShardRecord.logged(record.partition(), record.offset(), value));
    }

    @Override
    public TypeInformation<ShardRecord> getProducedType() {
        return TypeInformation.of(ShardRecord.class);
    }
}
