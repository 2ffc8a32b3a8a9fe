package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.ops.demo.stack.DemoClock;
import java.util.EnumMap;
import java.util.Map;

/** Which panes each step of the drift demo took. */
final class DriftTimeline {

    /** Panes [start, end) in microseconds. */
    record Span(long start, long end) {
        int windows() {
            return Math.toIntExact((end - start) / DemoClock.PANE_MICROS);
        }
    }

    private final Map<DriftStep, Span> spans = new EnumMap<>(DriftStep.class);

    void add(DriftStep step, long start) {
        spans.put(step, new Span(start, start + step.windows() * DemoClock.PANE_MICROS));
    }

    /** The panes of a step; null before it began. */
    Span of(DriftStep step) {
        return spans.get(step);
    }

    /** The step in which a pool ends; null for none. */
    DriftStep at(long paneEnd) {
        for (Map.Entry<DriftStep, Span> each : spans.entrySet()) {
            if (paneEnd > each.getValue().start() && paneEnd <= each.getValue().end()) {
                return each.getKey();
            }
        }
        return null;
    }

    /** Number of the pane that ends then, counted from the demo's first. */
    long window(long paneEnd) {
        return (paneEnd - spans.get(DriftStep.REFERENCE).start()) / DemoClock.PANE_MICROS;
    }
}
