package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a subtask of the window merger counts. Nothing here reaches a record. */
public final class MergerMetrics {

    private final Counter sketches;
    private final Counter issued;
    private final Counter partial;
    private final Counter refused;
    private final Counter raised;
    private final Counter resolved;
    private final Counter baselineWaits;

    public MergerMetrics(MetricGroup group) {
        MetricGroup own = group.addGroup("spectrawatch");
        sketches = own.counter("sketches");
        issued = own.counter("certificatesIssued");
        partial = own.counter("certificatesPartial");
        refused = own.counter("certificatesRefused");
        raised = own.counter("alertsRaised");
        resolved = own.counter("alertsResolved");
        baselineWaits = own.counter("baselineWaits");
    }

    public void sketch() {
        sketches.inc();
    }

    void certificate(InterfaceCertificate certificate) {
        if (certificate.getStatus() == CertificateStatus.REFUSED) {
            refused.inc();
        } else if (certificate.getStatus() == CertificateStatus.PARTIAL) {
            partial.inc();
        } else {
            issued.inc();
        }
    }

    void alert(Alert alert) {
        (alert.getTransition() == AlertTransition.RAISED ? raised : resolved).inc();
    }

    /** A baseline could not be had and is tried again. */
    public void waited() {
        baselineWaits.inc();
    }
}
