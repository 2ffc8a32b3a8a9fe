package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.console.store.History;
import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How the pipeline and the console itself do: what the metrics say, and how far the past is read.
 */
final class HealthApi {

    private static final Set<String> SHOWN =
            Set.of(
                    "spectrawatch_lag_records",
                    "spectrawatch_shard_written_timestamp_seconds",
                    "spectrawatch_watch_failures_total",
                    "spectrawatch_exporter_undecodable_total",
                    "spectrawatch_exporter_dropped_total",
                    "spectrawatch_repeated_records_total",
                    "spectrawatch_incomplete_samples_total",
                    "spectrawatch_snapshots_unwatched_total",
                    "spectrawatch_models_evicted_total");

    private final CollectorRegistry registry;
    private final History history;
    private final Supplier<ConsoleReader.Progress> progress;

    HealthApi(
            CollectorRegistry registry,
            History history,
            Supplier<ConsoleReader.Progress> progress) {
        this.registry = registry;
        this.history = history;
        this.progress = progress;
    }

    ObjectNode health() {
        ObjectNode node = Trees.object();
        ArrayNode metrics = node.putArray("metrics");
        for (MetricFamilySamples family :
                Collections.list(registry.filteredMetricFamilySamples(SHOWN::contains))) {
            for (MetricFamilySamples.Sample sample : family.samples) {
                ObjectNode line = metrics.addObject();
                line.put("name", sample.name);
                ObjectNode labels = line.putObject("labels");
                for (int i = 0; i < sample.labelNames.size(); i++) {
                    labels.put(sample.labelNames.get(i), sample.labelValues.get(i));
                }
                Trees.put(line, "value", sample.value);
            }
        }
        node.set("reading", reading());
        return node;
    }

    ObjectNode reading() {
        ConsoleReader.Progress now = progress.get();
        ObjectNode node = Trees.object();
        node.put("done", now.done());
        ObjectNode left = node.putObject("left");
        now.left().forEach(left::put);
        ArrayNode unread = node.putArray("unread");
        now.unread().forEach(unread::add);
        node.put("undecodable", now.undecodable());
        node.put("dropped", history.dropped());
        node.put("unkept", now.unkept());
        return node.put("failure", now.failure());
    }
}
