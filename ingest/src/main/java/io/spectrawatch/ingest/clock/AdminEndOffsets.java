package io.spectrawatch.ingest.clock;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * End offsets from the broker.
 *
 * <p>Asks for both ends, because between them lie records of and behind open transactions, which
 * were appended before the answer and may yet become visible. And asks for the record with the
 * latest stamp, because the broker names it only when readers may have it: a leader whose followers
 * hang has records beyond its high watermark that it shows to nobody.
 */
public final class AdminEndOffsets implements EndOffsets {

    private static final ListOffsetsOptions COMMITTED =
            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    private static final ListOffsetsOptions UNCOMMITTED =
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

    private final Admin admin;
    private final String topic;

    public AdminEndOffsets(Admin admin, String topic) {
        this.admin = admin;
        this.topic = topic;
    }

    @Override
    public CompletableFuture<ShardEnd> query(int shard) {
        CompletableFuture<Long> first = ask(shard, OffsetSpec.earliest(), UNCOMMITTED);
        CompletableFuture<Long> newest = ask(shard, OffsetSpec.maxTimestamp(), UNCOMMITTED);
        CompletableFuture<Long> high = ask(shard, OffsetSpec.latest(), UNCOMMITTED);
        // Only after the high watermark: a record appended between the two answers would otherwise
        // look like one of an open transaction.
        CompletableFuture<Long> stable =
                high.thenCompose(end -> ask(shard, OffsetSpec.latest(), COMMITTED));
        return CompletableFuture.allOf(first, newest, stable, high)
                .thenApply(
                        all ->
                                new ShardEnd(
                                        first.join(), newest.join(), stable.join(), high.join()));
    }

    private CompletableFuture<Long> ask(int shard, OffsetSpec what, ListOffsetsOptions readers) {
        TopicPartition partition = new TopicPartition(topic, shard);
        return admin.listOffsets(Map.of(partition, what), readers)
                .partitionResult(partition)
                .toCompletionStage()
                .thenApply(ListOffsetsResultInfo::offset)
                .toCompletableFuture();
    }
}
