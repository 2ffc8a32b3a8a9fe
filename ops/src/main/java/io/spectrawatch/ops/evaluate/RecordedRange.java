package io.spectrawatch.ops.evaluate;

import io.spectrawatch.ops.topic.TopicRange;
import java.io.IOException;

/**
 * The offsets of a selection, resolved once.
 *
 * @param starts by partition
 * @param ends by partition, exclusive
 */
record RecordedRange(long[] starts, long[] ends) {

    static RecordedRange of(Selection selection, TopicRange topic) throws IOException {
        long[] starts = new long[topic.partitions()];
        long[] ends = new long[topic.partitions()];
        for (int p = 0; p < starts.length; p++) {
            long end = topic.end(p);
            starts[p] =
                    selection.from() == null
                            ? topic.beginning(p)
                            : Math.min(end, topic.at(p, selection.from().toEpochMilli()));
            ends[p] =
                    selection.to() == null
                            ? end
                            : Math.min(end, topic.at(p, selection.to().toEpochMilli()));
        }
        return new RecordedRange(starts, ends);
    }

    boolean holds(int partition, long offset) {
        return offset >= starts[partition] && offset < ends[partition];
    }
}
