package io.spectrawatch.flink.monitor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.settings.Arguments;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        MonitorConfig config = MonitorConfig.fromMap(Map.of("bootstrap.servers", "b:1"));
        SketchSettings settings = config.sketchSettings();
        assertEquals("spectrawatch.validated", config.validatedTopic());
        assertEquals("spectrawatch.", config.topicPrefix());
        assertEquals(AlertOptions.defaults(1.0 / 256), config.alerts());
        assertEquals(4, config.shards());
        assertEquals(64, settings.sketchRows());
        assertEquals(64, settings.blockRows().usual());
        assertEquals(256, settings.blockRows().most());
        assertEquals(16, settings.probes());
        assertEquals(0.5, settings.alpha());
        assertEquals(1e-5, settings.exactRounding());
        assertEquals(32, settings.basisVectors());
        assertEquals(KernelChoice.AUTO, settings.kernels());
        assertFalse(settings.publishSketch());
        assertEquals(SketchOptions.defaults().exactMemoryBytes(), settings.exactMemoryBytes());
    }

    @Test
    void theCalibrationsTakeAtMostHalfOfTheLevelOfAttacks() {
        assertEquals(0.005, config("shards", "4").detection().attack().delta());
        assertEquals(0.001, config("attack.delta", "0.001").detection().attack().delta());
        assertEquals(0.005, config("attack.delta", "0.2").detection().attack().delta());
        assertEquals(0.0005, config("attack.alpha", "0.001").detection().attack().delta());
    }

    @Test
    void everyKeyIsDescribed() {
        for (ConfigDef.ConfigKey key : MonitorConfig.definition().configKeys().values()) {
            assertTrue(key.documentation.endsWith("."), key.name);
        }
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestKnownOne() {
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () ->
                                MonitorConfig.fromMap(
                                        Map.of("bootstrap.servers", "b:1", "sketch.row", "3")));
        assertTrue(e.getMessage().contains("sketch.row;"), e.getMessage());
        assertTrue(e.getMessage().contains("did you mean sketch.rows?"), e.getMessage());
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertNamed("alpha", "1.5");
        assertNamed("shards", "0");
        assertNamed("kernels", "gpu");
        assertNamed("alert.alpha", "0");
        assertNamed("alert.horizon", "RUN_LENGTH");
        assertNamed("alert.streams", "0");
        assertNamed("transaction.timeout.ms", "900001");
        assertNamed("source.offsets.start", "latest");
        assertNamed("source.offsets.end", "0:-1");
        assertNamed("source.offsets.end", "0:1:2");
        assertThrows(ConfigException.class, () -> MonitorConfig.fromMap(Map.of()));
    }

    @Test
    void explicitOffsetsMustNameEveryShard() {
        MonitorConfig config = config("source.offsets.start", "0:5,1:7");
        config.log().start().initializer("t", 2);
        ConfigException e =
                assertThrows(ConfigException.class, () -> config.log().start().initializer("t", 3));
        assertTrue(e.getMessage().contains("0 to 2"), e.getMessage());
    }

    @Test
    void kafkaPropertiesReachTheClients() {
        MonitorConfig config =
                MonitorConfig.fromMap(
                        Map.of("kafka.security.protocol", "SSL"),
                        Map.of("bootstrap.servers", "b:1", "ssl.protocol", "TLSv1.3"));
        assertEquals("b:1", config.bootstrapServers());
        assertEquals("SSL", config.kafkaProperties().getProperty("security.protocol"));
        assertEquals("TLSv1.3", config.kafkaProperties().getProperty("ssl.protocol"));
    }

    @Test
    void secretsAreRefusedAmongTheArguments() {
        String[] args = {"shards=4", "kafka.ssl.truststore.password=hidden"};
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Arguments.settings(args));
        assertEquals(
                "kafka.ssl.truststore.password is a secret; give it in the file of --config",
                e.getMessage());
    }

    @Test
    void layersAreForcedByNameOrEnding() {
        SketchSettings settings =
                MonitorConfig.fromMap(
                                Map.of(
                                        "bootstrap.servers", "b:1",
                                        "sketch.kind.exact.layers", "head",
                                        "sketch.kind.frequent-directions.layers", "*/5, embed"))
                        .sketchSettings();
        assertEquals(SketchKind.EXACT, settings.options("head", 5000).kind());
        assertEquals(SketchKind.FREQUENT_DIRECTIONS, settings.options("block/5", 384).kind());
        assertEquals(SketchKind.FREQUENT_DIRECTIONS, settings.options("embed", 384).kind());
        assertEquals(SketchKind.EXACT, settings.options("embed", 63).kind());
        assertEquals(SketchKind.EXACT, settings.options("block/4", 384).kind());
        assertEquals(1e-5, settings.options("block/4", 384).rounding());
        assertEquals(1e-5, settings.options("embed", 63).rounding());
        assertEquals(0, settings.options("block/5", 384).rounding(), "not of an exact moment");
        assertEquals(SketchKind.FREQUENT_DIRECTIONS, settings.options("block/4", 1537).kind());
    }

    /** A replay is configured with what is recorded. */
    @Test
    void allThatDecidesAboutSamplesIsRecorded() {
        Map<String, String> given =
                new HashMap<>(
                        Map.of(
                                "detect.level", "0.02",
                                "detect.scores.share", "0.3",
                                "detect.scores.seed", "7",
                                "detect.clients.per.shard", "12",
                                "detect.clients.by.tenant", "false",
                                "detect.gain.points", "16",
                                "detect.pair.level", "0.02",
                                "detect.pair.requests", "3",
                                "detect.pair.clients", "5",
                                "alerts.per.day", "2.5"));
        given.putAll(
                Map.of(
                        "detect.open.samples", "77",
                        "attack.beat.ms", "500",
                        "attack.alpha", "0.02",
                        "attack.models", "3",
                        "attack.exceedance", "0.1",
                        "attack.delta", "0.002",
                        "attack.clients", "9",
                        "alert.horizon", "run-length",
                        "alert.calm.panes", "4",
                        "bootstrap.servers", "b:1"));
        MonitorConfig live = MonitorConfig.fromMap(given);
        Map<String, String> recorded = live.recordedSettings();
        recorded.put("bootstrap.servers", "b:1");
        assertEquals(live.detection(), MonitorConfig.fromMap(recorded).detection());
        for (String key : given.keySet()) {
            assertEquals(given.get(key), recorded.get(key), key);
        }
    }

    private static void assertNamed(String key, String value) {
        ConfigException e = assertThrows(ConfigException.class, () -> config(key, value));
        assertTrue(e.getMessage().contains(key), e.getMessage());
    }

    private static MonitorConfig config(String key, String value) {
        return MonitorConfig.fromMap(Map.of("bootstrap.servers", "b:1", key, value));
    }
}
