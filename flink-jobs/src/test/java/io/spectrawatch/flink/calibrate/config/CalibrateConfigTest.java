package io.spectrawatch.flink.calibrate.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class CalibrateConfigTest {

    private static Map<String, String> named(String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", "broker:9092");
        settings.put("model.id", "m");
        settings.put("source.offsets.start", "0:5,1:0");
        settings.put("source.offsets.end", "0:9,1:7");
        settings.put("shards", "2");
        settings.putAll(TestLog.settings(more));
        return settings;
    }

    @Test
    void defaultsAreThoseOfTheCertificates() {
        CalibrateConfig config = CalibrateConfig.fromMap(named());
        assertEquals(CertificateOptions.defaults(), config.settings().certifying());
        assertEquals(32, config.settings().windowRank());
        assertEquals(8, config.settings().groupsOf("any", 384));
        assertEquals(3, config.settings().groupsOf("narrow", 3));
        assertTrue(config.settings().concerns("m", "any"));
        assertFalse(config.settings().concerns("n", "any"));
    }

    @Test
    void everySettingHasADescription() {
        for (ConfigKey key : CalibrateConfig.definition().configKeys().values()) {
            assertFalse(key.documentation.isBlank(), key.name);
        }
    }

    @Test
    void anUnknownKeyIsAnError() {
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () -> CalibrateConfig.fromMap(named("windows.rank=3")));
        assertTrue(e.getMessage().contains("did you mean window.rank"), e.getMessage());
    }

    @Test
    void aRangeIsNamedOnce() {
        for (String[] more :
                new String[][] {
                    {"source.time.start=2026-03-01T12:00:00Z"},
                    {
                        "source.time.start=2026-03-01T12:00:00Z",
                        "source.time.end=2026-03-01T13:00:00Z"
                    },
                    {"source.offsets.end="},
                    {"source.offsets.start=", "source.offsets.end="},
                }) {
            assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(named(more)));
        }
        Map<String, String> timed =
                named(
                        "source.offsets.start=",
                        "source.offsets.end=",
                        "source.time.start=2026-03-01T12:00:00Z",
                        "source.time.end=2026-03-01T13:00:00Z");
        assertEquals(
                3600,
                CalibrateConfig.fromMap(timed).timeEnd().getEpochSecond()
                        - CalibrateConfig.fromMap(timed).timeStart().getEpochSecond());
        timed.put("source.time.end", "2026-03-01T12:00:00Z");
        assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(timed));
        timed.put("source.time.end", "noon");
        assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(timed));
    }

    @Test
    void groupsGoByNameThenByEnding() {
        CalibrateSettings settings =
                CalibrateConfig.fromMap(named("groups=4", "groups.layers=a.mlp:6, *mlp:3"))
                        .settings();
        assertEquals(6, settings.groupsOf("a.mlp", 100));
        assertEquals(3, settings.groupsOf("b.mlp", 100));
        assertEquals(4, settings.groupsOf("b.attention", 100));
        for (String bad : new String[] {"a", "a:0", ":3", "a:x"}) {
            assertThrows(
                    ConfigException.class,
                    () -> CalibrateConfig.fromMap(named("groups.layers=" + bad)),
                    bad);
        }
    }

    @Test
    void channelsAreRangesAndSinglesOfLayers() {
        CalibrateSettings settings =
                CalibrateConfig.fromMap(
                                named("channels.layers=a.mlp:4-6, a.mlp:1, a.mlp:5-7, *out:0"))
                        .settings();
        assertArrayEquals(new int[] {1, 4, 5, 6, 7}, settings.channels().of("a.mlp"));
        assertArrayEquals(new int[] {0}, settings.channels().of("b.out"));
        assertNull(settings.channels().of("b.mlp"));
        for (String bad :
                new String[] {
                    "a", "a:", "a:3-1", "a:-1", "a:x-2", ":3", "a:0-1024", "a:0-2000000000"
                }) {
            ConfigException e =
                    assertThrows(
                            ConfigException.class,
                            () -> CalibrateConfig.fromMap(named("channels.layers=" + bad)),
                            bad);
            assertTrue(e.getMessage().contains("expected layer:first-last"), e.getMessage());
        }
        CalibrateConfig.fromMap(named("channels.layers=a:0-1023"));
        assertThrows(
                ConfigException.class,
                () -> CalibrateConfig.fromMap(named("channels.layers=a:0-1023,a:1024")));
    }

    @Test
    void supportsByRankHaveNoEdgeThreshold() {
        CertificateOptions options =
                CalibrateConfig.fromMap(named("supports=rank")).settings().certifying();
        assertEquals(ThresholdOptions.Supports.RANK, options.thresholds().supports());
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () ->
                                CalibrateConfig.fromMap(
                                        named("supports=rank", "edge.threshold=0.1")));
        assertTrue(e.getMessage().contains("no edge threshold expected"), e.getMessage());
        assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(named("supports=ranks")));
        assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(named("mode=modes")));
    }

    @Test
    void numbersThatDoNotFitTogetherAreNamed() {
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () -> CalibrateConfig.fromMap(named("pool.rows=500")));
        assertTrue(e.getMessage().contains("minimum rows <= pool rows"), e.getMessage());
        assertThrows(ConfigException.class, () -> CalibrateConfig.fromMap(named("noise.cap=1")));
    }

    @Test
    void aSketchLargerThanTheMomentIsTheMoment() {
        CalibrateSettings settings =
                CalibrateConfig.fromMap(named("sketch.kind=frequent-directions")).settings();
        assertEquals(SketchKind.EXACT, settings.sketchOptions(63).kind());
        assertEquals(SketchKind.FREQUENT_DIRECTIONS, settings.sketchOptions(64).kind());
    }

    @Test
    void kafkaPropertiesKeepTheirNames() {
        CalibrateConfig config =
                CalibrateConfig.fromMap(
                        named("kafka.security.protocol=SSL"), Map.of("client.rack", "a"));
        assertEquals("SSL", config.kafkaProperties().getProperty("security.protocol"));
        assertEquals("a", config.kafkaProperties().getProperty("client.rack"));
        assertEquals("broker:9092", config.kafkaProperties().getProperty("bootstrap.servers"));
    }
}
