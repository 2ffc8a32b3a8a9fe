package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Which addresses the exporter takes, and that it leads nowhere unless told. */
class ExporterConfigTest {

    private static ExporterConfig config(Map<String, String> settings) {
        return ExporterConfig.fromMap(settings, Map.of("bootstrap.servers", "b:1"));
    }

    @Test
    void nothingIsSentOnAndNothingIsLinkedUnlessTold() {
        ExporterConfig usual = config(Map.of());
        assertNull(usual.otlpLogsEndpoint());
        assertNull(usual.otlpLogsConfig());
        assertEquals("", usual.runbookUrl());
        assertEquals("", usual.traceUrl());
        assertEquals(2, usual.readers().size());
    }

    @Test
    void addressesAreThoseOfTheWeb() {
        ExporterConfig told =
                config(
                        Map.of(
                                "otlp.logs.endpoint", "https://collector:4318/v1/logs",
                                "otlp.logs.config", "collector.properties",
                                "console.runbook.url", "http://docs.example/ops/docs"));
        assertEquals(URI.create("https://collector:4318/v1/logs"), told.otlpLogsEndpoint());
        assertEquals(Path.of("collector.properties"), told.otlpLogsConfig());
        assertEquals("http://docs.example/ops/docs", told.runbookUrl());
    }

    @Test
    void othersAreRefusedByName() {
        for (String key : List.of("otlp.logs.endpoint", "console.runbook.url")) {
            for (String wrong : List.of("collector:4318", "ftp://c/x", "http://", "https://a b")) {
                String said =
                        assertThrows(ConfigException.class, () -> config(Map.of(key, wrong)))
                                .getMessage();
                assertTrue(said.contains(key) && said.contains(wrong), said);
            }
        }
    }
}
