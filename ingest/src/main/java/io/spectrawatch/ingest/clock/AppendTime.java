package io.spectrawatch.ingest.clock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own time, forced into the range in which microseconds can be computed with, so that
 * no stamp a client invents can stop the stream.
 */
public final class AppendTime implements TimestampExtractor {

    private static final long MAX_MILLIS = Long.MAX_VALUE / 4000;

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.min(MAX_MILLIS, Math.max(0, record.timestamp()));
    }
}
