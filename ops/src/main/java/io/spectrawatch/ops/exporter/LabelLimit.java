package io.spectrawatch.ops.exporter;

import io.prometheus.client.Counter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the label tuples of a metric: whoever names models decides how many series there are, and
 * Prometheus keeps each in memory. Belongs to one thread at a time.
 */
final class LabelLimit {

    private final int most;
    private final Counter.Child dropped;
    private final Set<List<String>> known = new HashSet<>();

    /**
     * @param most tuples admitted
     * @param dropped counts the records of further ones
     */
    LabelLimit(int most, Counter.Child dropped) {
        this.most = most;
        this.dropped = dropped;
    }

    /** Whether a record with these labels is to be counted; counts it itself where it is not. */
    boolean admits(List<String> labels) {
        boolean admitted = shows(labels);
        if (!admitted) {
            dropped.inc();
        }
        return admitted;
    }

    /** Whether these labels are to be shown. */
    boolean shows(List<String> labels) {
        if (known.contains(labels)) {
            return true;
        }
        return known.size() < most && known.add(labels);
    }
}
