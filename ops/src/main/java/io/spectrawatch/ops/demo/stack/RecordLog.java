package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Everything the monitor has said so far, to be asked while more comes. Thread-safe. */
public final class RecordLog {

    private final TreeMap<Long, List<SampleScores>> scores = new TreeMap<>();
    private final Map<String, TreeMap<Long, InterfaceCertificate>> certificates = new HashMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final Map<Long, Integer> sketches = new HashMap<>();
    private int scored;
    private int certified;
    private long lastAt = System.nanoTime();

    public synchronized void accept(SpecificRecord record) {
        if (record instanceof SampleScores each) {
            scores.computeIfAbsent(DemoClock.paneOf(each.getCapturedAt()), p -> new ArrayList<>())
                    .add(each);
            scored++;
        } else if (record instanceof InterfaceCertificate certificate) {
            if (certificate.getFindings() != null) {
                certificates
                        .computeIfAbsent(certificate.getInterfaceName(), n -> new TreeMap<>())
                        .put(certificate.getPaneEnd(), certificate);
                certified++;
            }
        } else if (record instanceof Alert alert) {
            alerts.add(alert);
        } else if (record instanceof LayerSketch sketch) {
            sketches.merge(sketch.getPaneEnd(), 1, Integer::sum);
        }
        lastAt = System.nanoTime();
    }

    /** When the last record came, by the JVM's clock. */
    public synchronized long lastAt() {
        return lastAt;
    }

    /** Samples scored so far. */
    public synchronized int scored() {
        return scored;
    }

    /** Certificates with findings so far. */
    public synchronized int certified() {
        return certified;
    }

    /** Layer sketches of the pane that ends then. */
    public synchronized int sketches(long paneEnd) {
        return sketches.getOrDefault(paneEnd, 0);
    }

    /** Scores of samples captured in the panes that start within [from, to). */
    public synchronized List<SampleScores> scores(long from, long to) {
        List<SampleScores> found = new ArrayList<>();
        scores.subMap(from, true, to, false).values().forEach(found::addAll);
        return found;
    }

    /** Certificates of an interface with findings whose pools end within (from, to]. */
    public synchronized List<InterfaceCertificate> certificates(String name, long from, long to) {
        return List.copyOf(
                certificates
                        .getOrDefault(name, new TreeMap<>())
                        .subMap(from, false, to, true)
                        .values());
    }

    /** Alerts of panes that end within (from, to], in the order they came. */
    public synchronized List<Alert> alerts(long from, long to) {
        return alerts.stream()
                .filter(alert -> alert.getPaneEnd() > from && alert.getPaneEnd() <= to)
                .toList();
    }
}
