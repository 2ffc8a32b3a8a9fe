package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.schemas.WholeSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Requests of a demo as a server with tracing would send them: with a trace, a session and a route.
 */
public final class DemoRequest {

    /** Attribute that says which endpoint was asked. */
    static final String ROUTE = "route";

    private static final long TRACES = 0x5bec7ab3L;

    private DemoRequest() {}

    /**
     * A request, whose trace follows from its number.
     *
     * @param client null if unknown
     * @param number of the request in the demo, from 0
     * @param session conversation
     */
    public static Sample of(String id, String client, long number, String session, String route) {
        SplittableRandom random = new SplittableRandom(TRACES + number);
        return Sample.newBuilder(WholeSample.of(id, client, null, 1.0))
                .setTraceId(hex(random) + hex(random))
                .setSpanId(hex(random))
                .setSession(session)
                .setAttributes(Map.of(ROUTE, route))
                .build();
    }

    /** 16 digits, not all 0, as W3C's trace context asks. */
    private static String hex(SplittableRandom random) {
        return String.format("%016x", random.nextLong(1, Long.MAX_VALUE));
    }

    /**
     * Where to look: the trace, and the rows that spoke where the sample has several.
     *
     * @param context null where the record says none
     * @return one line, empty where nothing is known
     */
    public static String text(SampleContext context, List<SpeakingRow> speaking) {
        List<String> parts = new ArrayList<>();
        if (context != null && context.getTraceId() != null) {
            parts.add("trace " + context.getTraceId());
        }
        if (context != null && context.getSession() != null) {
            parts.add("session " + context.getSession());
        }
        if (context != null) {
            context.getAttributes().forEach((name, value) -> parts.add(name + " " + value));
        }
        if (!speaking.isEmpty()) {
            List<String> rows = new ArrayList<>();
            for (SpeakingRow row : speaking) {
                rows.add(
                        String.format(
                                Locale.ROOT,
                                "%d (%.0f %%)",
                                row.getPosition(),
                                100 * row.getShare()));
            }
            String what = speaking.get(0).getPhase() == null ? "positions " : "tokens ";
            parts.add(what + String.join(", ", rows));
        }
        return Printable.text(String.join(", ", parts));
    }
}
