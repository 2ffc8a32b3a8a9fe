package io.spectrawatch.ops.bench.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * The methods on top of the stacks of a recording.
 *
 * <p>Native methods are sampled more rarely than Java's, one thread at a time, so their share is
 * too small rather than too large; those that only wait are left out.
 */
final class HotFrames {

    private static final int MOST = 10;

    private static final Set<String> WAITING =
            Set.of(
                    "sun.nio.ch.EPoll.wait",
                    "sun.nio.ch.Net.accept",
                    "sun.nio.ch.Net.poll",
                    "java.lang.ProcessHandleImpl.waitForProcessExit0",
                    "java.net.PlainSocketImpl.socketAccept");

    private HotFrames() {}

    static List<StageCost.Frame> of(Path recording, Instant from, Instant to) throws IOException {
        Map<String, Long> counts = new HashMap<>();
        long all = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                String method = method(event, from, to);
                if (method != null) {
                    counts.merge(method, 1L, Long::sum);
                    all++;
                }
            }
        }
        double total = all;
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .map(each -> new StageCost.Frame(each.getKey(), each.getValue() / total))
                .toList();
    }

    /** Null for a sample of another time, or of a thread that waited. */
    private static String method(RecordedEvent event, Instant from, Instant to) {
        boolean outside = event.getStartTime().isBefore(from) || event.getStartTime().isAfter(to);
        if (outside || event.getStackTrace() == null) {
            return null;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (frames.isEmpty()) {
            return null;
        }
        RecordedMethod top = frames.get(0).getMethod();
        String name = top.getType().getName() + "." + top.getName();
        return WAITING.contains(name) ? null : name;
    }
}
