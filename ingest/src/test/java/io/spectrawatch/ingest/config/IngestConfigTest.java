package io.spectrawatch.ingest.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ingest.service.StreamsProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestConfigTest {

    private static final Map<String, String> KAFKA = Map.of("bootstrap.servers", "localhost:1");

    @Test
    void defaultsAreTheArchitectures() {
        IngestConfig config = IngestConfig.fromMap(Map.of());

        assertEquals(60_000_000, config.paneMicros());
        assertEquals(10_000_000, config.latenessMicros());
        assertEquals(1_000_000, config.tickIntervalMicros());
        assertEquals(30_000_000, config.maxClockSkewMicros());
        assertEquals("spectrawatch.", config.topicPrefix());
        assertTrue(config.requireAppendTime());
    }

    @Test
    void everySettingHasAMeaning() {
        IngestConfig.definition()
                .configKeys()
                .forEach((name, key) -> assertFalse(key.documentation.isBlank(), name));
    }

    @ParameterizedTest
    @CsvSource({
        "pane.millis, 5, unknown setting 'pane.millis'; did you mean 'pane.ms'?",
        "latenes.ms, 5, did you mean 'lateness.ms'?",
        "pane.ms, 0, pane.ms",
        "pane.ms, soon, pane.ms",
        "dedup.window, 63, dedup.window",
        "lateness.ms, -1, lateness.ms",
        "limit.text, 5000, limit.text"
    })
    void aWrongSettingIsNamedInOneLine(String key, String value, String named) {
        ConfigException e =
                assertThrows(ConfigException.class, () -> IngestConfig.fromMap(Map.of(key, value)));

        assertTrue(e.getMessage().contains(named), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void guaranteesCannotBeConfiguredAway() {
        Map<String, String> kafka = new HashMap<>(KAFKA);
        kafka.put("processing.guarantee", "at_least_once");

        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () -> StreamsProperties.of(IngestConfig.fromMap(Map.of()), kafka));
        assertTrue(e.getMessage().contains("processing.guarantee"), e.getMessage());
    }

    @Test
    void theLogIsCompressedUnlessTheUserSaysOtherwise() {
        Map<String, Object> kafka = new HashMap<>(KAFKA);
        IngestConfig config = IngestConfig.fromMap(Map.of());
        assertEquals("zstd", StreamsProperties.of(config, kafka).get("producer.compression.type"));

        kafka.put("producer.compression.type", "none");
        assertEquals("none", StreamsProperties.of(config, kafka).get("producer.compression.type"));
    }

    @Test
    void kafkaStreamsTakesTheProperties() {
        Properties properties = StreamsProperties.of(IngestConfig.fromMap(Map.of()), KAFKA);

        StreamsConfig config = new StreamsConfig(properties);

        assertEquals("exactly_once_v2", config.getString("processing.guarantee"));
        assertEquals("spectrawatch.ingest", config.getString("application.id"));
        int largest = 8 * 1024 * 1024 + 64 * 1024;
        assertEquals(
                largest,
                config.getProducerConfigs("p").get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        assertEquals(
                "read_committed",
                config.getMainConsumerConfigs("g", "c", 0).get("isolation.level").toString());
    }

    @Test
    void aServiceWithoutAnAddressIsRefused() {
        assertThrows(
                ConfigException.class,
                () ->
                        new IngestService(
                                IngestConfig.fromMap(Map.of()),
                                Map.of(),
                                IngestClock.system(),
                                new CollectorRegistry()));
    }
}
