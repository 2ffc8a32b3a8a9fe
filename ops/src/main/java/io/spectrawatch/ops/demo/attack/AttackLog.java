package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.ops.demo.pipeline.PipelineDemo;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Everything the monitor job has said about samples so far. Thread-safe. */
final class AttackLog {

    private final TreeMap<Long, List<SampleScores>> scores = new TreeMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final Map<Long, Integer> sketches = new HashMap<>();
    private int scored;
    private long lastAt = System.nanoTime();

    synchronized void accept(SpecificRecord record) {
        if (record instanceof SampleScores each) {
            scores.computeIfAbsent(
                            PipelineDemo.paneOf(each.getCapturedAt()), p -> new ArrayList<>())
                    .add(each);
            scored++;
        } else if (record instanceof Alert alert) {
            alerts.add(alert);
        } else if (record instanceof LayerSketch sketch) {
            sketches.merge(sketch.getPaneEnd(), 1, Integer::sum);
        }
        lastAt = System.nanoTime();
    }

    /** When the last record came, by the JVM's clock. */
    synchronized long lastAt() {
        return lastAt;
    }

    /** Samples scored so far. */
    synchronized int scored() {
        return scored;
    }

    /** Layer sketches of the pane that ends then. */
    synchronized int sketches(long paneEnd) {
        return sketches.getOrDefault(paneEnd, 0);
    }

    /** Scores of samples captured within [from, to). */
    synchronized List<SampleScores> scores(long from, long to) {
        List<SampleScores> found = new ArrayList<>();
        scores.subMap(from, true, to, false).values().forEach(found::addAll);
        return found;
    }

    /** Alerts of panes that end within (from, to], in the order they came. */
    synchronized List<Alert> alerts(long from, long to) {
        return alerts.stream()
                .filter(alert -> alert.getPaneEnd() > from && alert.getPaneEnd() <= to)
                .toList();
    }
}
