package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.spectral.certificate.Attribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Everything the monitor job has said so far. Thread-safe. */
final class DriftLog {

    private final List<String> chain;
    private final Map<String, TreeMap<Long, InterfaceCertificate>> certificates = new HashMap<>();
    private final Map<Long, Integer> sketches = new HashMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private int count;
    private long lastAt = System.nanoTime();

    /**
     * @param chain names of the interfaces in their order
     */
    DriftLog(List<String> chain) {
        this.chain = chain;
        chain.forEach(name -> certificates.put(name, new TreeMap<>()));
    }

    synchronized void accept(SpecificRecord record) {
        if (record instanceof InterfaceCertificate certificate) {
            if (certificate.getFindings() != null) {
                certificates
                        .get(certificate.getInterfaceName())
                        .put(certificate.getPaneEnd(), certificate);
                count++;
            }
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

    /** Certificates with findings so far. */
    synchronized int certificates() {
        return count;
    }

    /** Layer sketches of the pane that ends then. */
    synchronized int sketches(long paneEnd) {
        return sketches.getOrDefault(paneEnd, 0);
    }

    /** Certificates whose pools end within (from, to], per interface in the order of the chain. */
    synchronized List<List<InterfaceCertificate>> certificates(long from, long to) {
        return chain.stream()
                .map(
                        name ->
                                List.copyOf(
                                        certificates
                                                .get(name)
                                                .subMap(from, false, to, true)
                                                .values()))
                .toList();
    }

    /** Transitions of pools that end within (from, to], by time and then along the chain. */
    synchronized List<Alert> alerts(long from, long to) {
        return alerts.stream()
                .filter(alert -> alert.getPaneEnd() > from && alert.getPaneEnd() <= to)
                .sorted(
                        Comparator.comparingLong(Alert::getPaneEnd)
                                .thenComparing(Alert::getKind)
                                .thenComparingInt(alert -> chain.indexOf(alert.getPart())))
                .toList();
    }

    /**
     * What moved first along the chain, as the certificates of the alert's panes tell it: behind a
     * changed block every input moves.
     */
    synchronized Attribution cause(Alert alert) {
        if (alert.getTransition() == AlertTransition.RESOLVED) {
            return Attribution.NONE;
        }
        List<Attribution> moved = new ArrayList<>();
        for (String name : chain) {
            Map.Entry<Long, InterfaceCertificate> last =
                    certificates.get(name).floorEntry(alert.getPaneEnd());
            boolean overlaps = last != null && last.getKey() > alert.getPaneStart();
            moved.add(
                    overlaps
                            ? Attribution.valueOf(last.getValue().getFindings().getAttribution())
                            : Attribution.NONE);
        }
        int root = Attribution.root(moved);
        return root < 0 ? Attribution.UNDETERMINED : moved.get(root);
    }
}
