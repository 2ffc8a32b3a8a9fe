package io.spectrawatch.ingest.clock;

import java.util.concurrent.CompletableFuture;

/** Asks how far a shard of the activations topic has been written. */
@FunctionalInterface
public interface EndOffsets {

    /**
     * Where the shard ends, each number as of some moment after the call.
     *
     * <p>Never blocks; fails the future when the broker does not answer.
     */
    CompletableFuture<ShardEnd> query(int shard);
}
