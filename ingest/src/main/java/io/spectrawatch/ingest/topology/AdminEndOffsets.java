package io.spectrawatch.ingest.topology;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * End offsets from the broker.
 *
 * <p>Reads the high watermark, not the last stable offset: records of a transaction that is still
 * open were appended before the answer and may yet become visible.
 */
final class AdminEndOffsets implements EndOffsets {

    private final Admin admin;
    private final String topic;

    AdminEndOffsets(Admin admin, String topic) {
        this.admin = admin;
        this.topic = topic;
    }

    @Override
    public CompletableFuture<Long> query(int shard) {
        TopicPartition partition = new TopicPartition(topic, shard);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .toCompletionStage()
                .thenApply(ListOffsetsResultInfo::offset)
                .toCompletableFuture();
    }
}
