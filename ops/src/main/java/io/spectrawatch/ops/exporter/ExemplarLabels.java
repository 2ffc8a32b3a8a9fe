package io.spectrawatch.ops.exporter;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import java.util.regex.Pattern;

/**
 * What leads from a count to what was counted last: ids, as labels of an exemplar of OpenMetrics.
 *
 * <p>Ids alone: whoever reads metrics learns no name of a client or request from them.
 */
final class ExemplarLabels {

    /** OpenMetrics 1.0: names and values of an exemplar together. */
    static final int MOST_CHARACTERS = 128;

    /** As the W3C writes them; clients write what they like. */
    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");

    /** What the counters take for none; no labels would be an exemplar that says nothing. */
    private static final String[] NONE = null;

    private static final String ALERT = "alert_id";
    private static final String TRACE = "trace_id";

    private ExemplarLabels() {}

    /** The alert, and the trace of the loudest of its samples that has one; null for none. */
    static String[] of(Alert alert) {
        String trace = null;
        for (SampleExample each : alert.getExamples()) {
            if (trace == null) {
                trace = trace(each.getContext());
            }
        }
        String[] both = trace == null ? NONE : fitting(ALERT, alert.getId(), TRACE, trace);
        return both == NONE ? fitting(ALERT, alert.getId()) : both;
    }

    /** The trace of a sample; null where it has none. */
    static String[] of(SampleScores sample) {
        String trace = trace(sample.getContext());
        return trace == null ? NONE : fitting(TRACE, trace);
    }

    private static String trace(SampleContext context) {
        String id = context == null ? null : context.getTraceId();
        return id != null && TRACE_ID.matcher(id).matches() ? id : null;
    }

    private static String[] fitting(String... labels) {
        int characters = 0;
        for (String each : labels) {
            characters += each.length();
        }
        return characters <= MOST_CHARACTERS ? labels : NONE;
    }
}
