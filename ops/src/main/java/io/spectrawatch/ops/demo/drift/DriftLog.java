package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.ops.demo.stack.RecordLog;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.Attribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the monitor has said about a chain of interfaces. */
final class DriftLog {

    private final List<String> chain;
    private final RecordLog records;

    /**
     * @param chain names of the interfaces in their order
     */
    DriftLog(List<String> chain, RecordLog records) {
        this.chain = chain;
        this.records = records;
    }

    /** Certificates whose pools end within (from, to], per interface in the order of the chain. */
    List<List<InterfaceCertificate>> certificates(long from, long to) {
        return chain.stream().map(name -> records.certificates(name, from, to)).toList();
    }

    /** Transitions of pools that end within (from, to], by time and then along the chain. */
    List<Alert> alerts(long from, long to) {
        return records.alerts(from, to).stream()
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
    Attribution cause(Alert alert) {
        if (alert.getTransition() == AlertTransition.RESOLVED) {
            return Attribution.NONE;
        }
        List<Attribution> moved = new ArrayList<>();
        for (String name : chain) {
            List<InterfaceCertificate> overlapping =
                    records.certificates(name, alert.getPaneStart(), alert.getPaneEnd());
            moved.add(
                    overlapping.isEmpty()
                            ? Attribution.NONE
                            : Attribution.valueOf(
                                    overlapping
                                            .get(overlapping.size() - 1)
                                            .getFindings()
                                            .getAttribution()));
        }
        int root = Attribution.root(moved);
        return root < 0 ? Attribution.UNDETERMINED : moved.get(root);
    }
}
