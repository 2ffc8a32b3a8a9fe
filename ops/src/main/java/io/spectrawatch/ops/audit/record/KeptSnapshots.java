package io.spectrawatch.ops.audit.record;

import io.spectrawatch.ops.topic.MissingTopicException;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * From where on a log that holds verdicts can be replayed: what they lead to has a retention of its
 * own.
 */
final class KeptSnapshots {

    private final TopicRange log;
    private final Map<String, Object> client;
    private final String activations;

    /**
     * @param topic full name of the log
     */
    KeptSnapshots(TopicRange log, Map<String, Object> client, String topic) {
        this.log = log;
        this.client = client;
        this.activations = Topics.activationsOf(topic);
    }

    /**
     * The first offset in [from, to) from which on every accepted snapshot is kept; {@code from} if
     * all of them are, or if the first is a copy. Of a log that went over from copies to verdicts
     * in between, the later ones are not looked at: they are kept longer.
     */
    long from(int shard, long from, long to) throws IOException {
        Search first = new Search(0);
        log.readWhile(shard, from, to, first::goesOn);
        if (first.verdict == null) {
            return from;
        }
        long beginning;
        try (TopicRange rows = new TopicRange(client, activations)) {
            beginning = shard < rows.partitions() ? rows.beginning(shard) : Long.MAX_VALUE;
        } catch (MissingTopicException e) {
            beginning = Long.MAX_VALUE;
        }
        if (first.verdict.getOffset() >= beginning) {
            return from;
        }
        Search kept = new Search(beginning);
        log.readWhile(shard, first.at, to, kept::goesOn);
        return kept.found ? kept.at : to;
    }

    /** For the first copy, or the first verdict whose snapshot stands at an offset or later. */
    private static final class Search {

        private final long least;
        private boolean found;
        private long at;
        private AcceptedSnapshot verdict;

        Search(long least) {
            this.least = least;
        }

        boolean goesOn(ConsumerRecord<byte[], byte[]> record) {
            byte[] value = record.value();
            if (value == null) {
                return true;
            }
            Optional<AcceptedSnapshot> own = verdict(value);
            found =
                    LoggedSnapshot.isOne(value)
                            || own.isPresent() && own.get().getOffset() >= least;
            if (found) {
                at = record.offset();
                verdict = own.orElse(null);
            }
            return !found;
        }

        private static Optional<AcceptedSnapshot> verdict(byte[] value) {
            try {
                return LoggedSnapshot.isVerdict(value)
                        ? Optional.of(Wire.decode(value, AcceptedSnapshot.class))
                        : Optional.empty();
            } catch (WireException e) {
                // The job leaves it out too.
                return Optional.empty();
            }
        }
    }
}
