package io.spectrawatch.flink.monitor.message;

/**
 * What a shard tells a merge bucket; public because Flink's record serializer asks for it.
 *
 * @param bucket merge bucket the message is for
 * @param payload a part's summary or a shard's closing mark in its versioned binary form
 */
public record ShardMessage(int bucket, byte[] payload) {}
