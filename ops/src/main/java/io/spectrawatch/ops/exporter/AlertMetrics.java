package io.spectrawatch.ops.exporter;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.InterfaceCertificate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counters of alerts, and which stand.
 *
 * <p>An alert stands from RAISED to RESOLVED. Certificates name the alerts of their interface that
 * stand, so an exporter that starts later than an alert was raised shows it all the same. Clients
 * share one series of a kind, which counts those concerned: a client is no label, because clients
 * name themselves. Alerts about one sample do not stand; they are counted.
 */
final class AlertMetrics extends Collector {

    /** The kinds of which several can stand for a model, and where their alerts say how many. */
    private static final Set<String> OF_CLIENTS = Set.of("CLIENT_UNDER_ATTACK", "CLIENT_SEARCHING");

    private static final String CLIENTS_STANDING = "clientsStanding";

    private final LabelLimit counted;
    private final LabelLimit standing;
    private final Map<List<String>, State> states = new TreeMap<>(GaugeFamilies.LABEL_ORDER);
    private final Counter alerts =
            Counter.build("spectrawatch_alerts_total", "Alerts raised, by kind.")
                    .labelNames("model", "version", "kind")
                    .create();

    /**
     * @param mostSeries label tuples of each metric at most
     * @param dropped counts what lies beyond
     */
    AlertMetrics(int mostSeries, Counter.Child dropped) {
        this.counted = new LabelLimit(mostSeries, dropped);
        this.standing = new LabelLimit(mostSeries, dropped);
    }

    /** How many alerts stood at the end of a pane: at most one, but for clients. */
    private record State(long standing, long paneEnd) {}

    void registerAt(CollectorRegistry registry) {
        register(registry);
        alerts.register(registry);
    }

    /** Shows the alert, and counts it. */
    synchronized void accept(Alert alert) {
        show(alert);
        if (raised(alert) && counted.admits(kind(alert))) {
            alerts.labels(kind(alert).toArray(String[]::new))
                    .incWithExemplar(ExemplarLabels.of(alert));
        }
    }

    private static boolean raised(Alert alert) {
        return alert.getTransition() == AlertTransition.RAISED;
    }

    private static List<String> kind(Alert alert) {
        return List.of(
                ModelLabel.of(alert.getModelId(), alert.getSegment()),
                alert.getModelVersion(),
                alert.getKind());
    }

    /** Shows an alert that an exporter before this one has counted. */
    synchronized void show(Alert alert) {
        if (raised(alert) && counted.shows(kind(alert))) {
            alerts.labels(kind(alert).toArray(String[]::new));
        }
        if (alert.getSampleId() == null) {
            String part = alert.getPart() == null ? "" : alert.getPart();
            set(
                    List.of(
                            ModelLabel.of(alert.getModelId(), alert.getSegment()),
                            alert.getModelVersion(),
                            part,
                            alert.getKind()),
                    new State(standing(alert), alert.getPaneEnd()));
        }
    }

    /** Alerts of this kind that stand after this one; the evidence counts those of clients. */
    private static long standing(Alert alert) {
        long own = raised(alert) ? 1 : 0;
        if (!OF_CLIENTS.contains(alert.getKind())) {
            return own;
        }
        try {
            return Math.max(own, Long.parseLong(alert.getEvidence().get(CLIENTS_STANDING)));
        } catch (NumberFormatException e) {
            // Absent or no number: what is known is this client.
            return own;
        }
    }

    synchronized void accept(InterfaceCertificate certificate) {
        List<String> where =
                List.of(
                        ModelLabel.of(certificate.getModelId(), certificate.getSegment()),
                        certificate.getModelVersion(),
                        certificate.getInterfaceName());
        Set<String> active = new HashSet<>(certificate.getActiveAlerts());
        Set<String> kinds = new HashSet<>(active);
        for (List<String> labels : states.keySet()) {
            if (labels.subList(0, 3).equals(where)) {
                kinds.add(labels.get(3));
            }
        }
        for (String kind : kinds) {
            set(
                    List.of(where.get(0), where.get(1), where.get(2), kind),
                    new State(active.contains(kind) ? 1 : 0, certificate.getPaneEnd()));
        }
    }

    private void set(List<String> labels, State state) {
        if (standing.admits(labels)) {
            states.merge(labels, state, (old, now) -> now.paneEnd() >= old.paneEnd() ? now : old);
        }
    }

    @Override
    public synchronized List<MetricFamilySamples> collect() {
        GaugeFamilies families = new GaugeFamilies("model", "version", "interface", "kind");
        states.forEach(
                (labels, state) ->
                        families.add(
                                "spectrawatch_alert_active",
                                "Alerts that stand, 0 after they were resolved: 1, or the number"
                                        + " of clients concerned.",
                                labels,
                                state.standing()));
        return families.list();
    }
}
