package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.spectrawatch.ingest.topology.IngestMetrics;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.console.MadeRecords;
import io.spectrawatch.schemas.AlertTransition;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** The dashboards ask for what is there; AlertingITCase asks a real Prometheus. */
class DashboardsTest {

    private static final Pattern METRIC = Pattern.compile("(?:spectrawatch|jvm)_[a-z0-9_]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");

    /** All that ingest, the exporter and its watch serve. */
    private static Set<String> served() throws Exception {
        CollectorRegistry registry = new CollectorRegistry(true);
        DefaultExports.register(registry);
        new IngestMetrics(registry, 10);
        Map<String, Object> nobody = Map.of("bootstrap.servers", "127.0.0.1:1");
        PipelineWatch.start(nobody, "t.", List.of(), registry).close();
        RecordMetrics metrics = new RecordMetrics(null, 100);
        metrics.registerAt(registry);
        for (SpecificRecord each :
                List.of(
                        MadeRecords.sketch("m", "h", 0, 1, 1.0),
                        MadeRecords.certificate("m", "h->i", "h", "i", 1, 1.0),
                        MadeRecords.scores("m", "r", "c", 1, 0.001),
                        MadeAlerts.drift("a", AlertTransition.RAISED, 1))) {
            metrics.accept(each, RecordMetrics.Mode.COUNT);
        }
        Set<String> names = new HashSet<>(Set.of("spectrawatch_exporter_undecodable_total"));
        for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
            names.addAll(List.of(family.getNames()));
        }
        return names;
    }

    @Test
    void everyMetricIsServed() throws Exception {
        Set<String> served = served();
        Set<String> missing = new TreeSet<>();
        for (Dashboards.Query query : Dashboards.queries()) {
            METRIC.matcher(query.expression())
                    .results()
                    .map(MatchResult::group)
                    .filter(each -> !served.contains(each))
                    .forEach(each -> missing.add(query.where() + ": " + each));
        }
        assertEquals(Set.of(), missing);
    }

    /** A metric that nobody serves is found. */
    @Test
    void theCatalogueKnowsWhatItDoesNotHave() throws Exception {
        assertFalse(served().contains("spectrawatch_entropy_lower"));
        assertTrue(served().contains("spectrawatch_spectral_entropy_lower"));
    }

    @Test
    void panelsSayWhatTheyShowAndAskOneDatasource() throws IOException {
        List<JsonNode> dashboards = Dashboards.all();
        assertEquals(5, dashboards.size());
        Set<String> ids = new HashSet<>();
        for (JsonNode dashboard : dashboards) {
            String title = dashboard.get("title").textValue();
            assertTrue(ids.add(dashboard.get("uid").textValue()), title);
            Set<String> variables = new HashSet<>();
            dashboard
                    .get("templating")
                    .get("list")
                    .forEach(each -> variables.add(each.get("name").textValue()));
            for (JsonNode panel : dashboard.get("panels")) {
                String where = title + ": " + panel.get("title").textValue();
                assertFalse(panel.get("description").textValue().isBlank(), where);
                assertEquals(
                        "${datasource}", panel.get("datasource").get("uid").textValue(), where);
                for (JsonNode target : panel.get("targets")) {
                    VARIABLE.matcher(target.get("expr").textValue())
                            .results()
                            .forEach(each -> assertTrue(variables.contains(each.group(1)), where));
                }
            }
        }
    }
}
