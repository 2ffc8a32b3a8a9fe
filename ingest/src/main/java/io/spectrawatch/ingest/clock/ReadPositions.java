package io.spectrawatch.ingest.clock;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the consumers of this instance have read each shard.
 *
 * <p>A processor sees records alone; its consumer also passes over offsets that hold none for it,
 * such as the markers of transactions and the records of aborted ones. Only with them can be told
 * whether a shard has been read to its end.
 */
public final class ReadPositions {

    private final Map<Integer, Position> positions = new ConcurrentHashMap<>();

    /**
     * @param next offset the consumer reads next
     * @param handedOut offset of the last record that it gave to the stream thread; -1 for none
     */
    private record Position(long next, long handedOut) {}

    /**
     * Notes where a consumer stands after a poll.
     *
     * @param last offset of the last record of the shard that the poll returned; -1 for none
     */
    public void polled(int shard, long next, long last) {
        positions.compute(
                shard,
                (s, before) ->
                        new Position(next, last < 0 && before != null ? before.handedOut() : last));
    }

    /** Forgets a shard, whose next reader may start at an earlier offset. */
    void forget(int shard) {
        positions.remove(shard);
    }

    /**
     * The offset below which everything of a shard is processed.
     *
     * @param processed offset after the last record that its processor has processed
     */
    long readTo(int shard, long processed) {
        Position position = positions.get(shard);
        boolean waiting = position == null || position.handedOut() >= processed;
        return waiting ? processed : Math.max(processed, position.next());
    }
}
