package io.spectrawatch.flink.monitor.message;

/**
 * What a shard tells a merge bucket; public because Flink's record serializer asks for it. It is
 * never kept: the operators' checkpoints are aligned.
 *
 * @param bucket merge bucket the message is for
 * @param entry of a pane that closes, which the payload is the content of; null for other kinds
 * @param payload in its versioned binary form
 */
public record ShardMessage(int bucket, Kind kind, EntryId entry, byte[] payload) {

    /** What a message is. */
    public enum Kind {
        /** An entry of a pane that closes, kept until every shard has closed it. */
        ENTRY,
        /** A {@link BeatSummary}. */
        BEAT,
        /** A {@link ShardBeat}. */
        BEAT_MARK,
        /** A {@link ShardClosed}. */
        CLOSED
    }

    /** A message with an entry. */
    public static ShardMessage of(int bucket, EntryId entry, byte[] payload) {
        return new ShardMessage(bucket, Kind.ENTRY, entry, payload);
    }

    /** A message that is no entry. */
    public static ShardMessage of(int bucket, Kind kind, byte[] payload) {
        return new ShardMessage(bucket, kind, null, payload);
    }

    /** Whether it carries an entry of a kind. */
    public boolean isEntry(EntryId.Kind wanted) {
        return entry != null && entry.kind() == wanted;
    }
}
