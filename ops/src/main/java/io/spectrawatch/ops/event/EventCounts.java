package io.spectrawatch.ops.event;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** What became of the events. */
final class EventCounts {

    private final Counter sent =
            Counter.build("spectrawatch_alert_events_total", "Alerts that the collector has taken.")
                    .create();
    private final Counter repeated =
            Counter.build(
                            "spectrawatch_alert_events_repeated_total",
                            "Alerts among them that were sent again, because it was not known"
                                    + " whether the collector had taken them.")
                    .create();
    private final Counter failures =
            Counter.build(
                            "spectrawatch_alert_event_failures_total",
                            "Attempts that the collector refused or did not answer.")
                    .create();

    EventCounts(CollectorRegistry registry) {
        sent.register(registry);
        repeated.register(registry);
        failures.register(registry);
    }

    void sent(boolean again) {
        sent.inc();
        if (again) {
            repeated.inc();
        }
    }

    void failed() {
        failures.inc();
    }
}
