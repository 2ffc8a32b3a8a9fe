package io.spectrawatch.ops.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The dashboards for Grafana, as a test reads them. */
final class Dashboards {

    private static final Path FOLDER = Path.of("grafana");

    private Dashboards() {}

    /**
     * A query of a panel.
     *
     * @param where dashboard and panel
     * @param expression in PromQL, with Grafana's variables
     */
    record Query(String where, String expression) {}

    /** Each dashboard as JSON, by its file's name. */
    static List<JsonNode> all() throws IOException {
        List<JsonNode> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                found.add(new ObjectMapper().readTree(file.toFile()));
            }
        }
        return found;
    }

    /** Every query of every panel. */
    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            for (JsonNode panel : dashboard.get("panels")) {
                for (JsonNode target : panel.get("targets")) {
                    queries.add(
                            new Query(
                                    dashboard.get("title").textValue()
                                            + ": "
                                            + panel.get("title").textValue(),
                                    target.get("expr").textValue()));
                }
            }
        }
        return queries;
    }
}
