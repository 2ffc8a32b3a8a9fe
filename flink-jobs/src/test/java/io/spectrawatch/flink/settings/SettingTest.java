package io.spectrawatch.flink.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Definition, reader and recorded values follow from one declaration. */
class SettingTest {

    private static final SettingGroup SETTINGS = new SettingGroup();

    private static final Setting<String> BROKERS = SETTINGS.add(SharedSettings.BOOTSTRAP_SERVERS);

    private static final Setting<Integer> ROWS =
            SETTINGS.add(
                    Setting.integer("rows", 64)
                            .in(Range.between(1, 100))
                            .means(Importance.HIGH, "Rows.")
                            .recorded());

    private static final Setting<DayOfWeek> DAY =
            SETTINGS.add(Setting.choice("day", DayOfWeek.FRIDAY).recorded());

    private static final Setting<List<String>> LAYERS =
            SETTINGS.add(Setting.list("layers").recorded());

    private static final Setting<Integer> WIDTH =
            SETTINGS.add(Setting.parsed("size", "2x3", "ROWSxCOLUMNS", SettingTest::columns));

    private static Integer columns(String key, String text) {
        if (!text.matches("\\d+x\\d+")) {
            throw new ConfigException(key, text, "expected ROWSxCOLUMNS");
        }
        return Integer.valueOf(text.substring(text.indexOf('x') + 1));
    }

    private static JobSettings read(Map<String, String> given) {
        return JobSettings.of(SETTINGS, given, Map.of("bootstrap.servers", "b:1"));
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        JobSettings settings = read(Map.of());
        assertEquals("b:1", settings.get(BROKERS));
        assertEquals(64, settings.get(ROWS));
        assertEquals(DayOfWeek.FRIDAY, settings.get(DAY));
        assertEquals(List.of(), settings.get(LAYERS));
        assertEquals(3, settings.get(WIDTH));
    }

    @Test
    void whatIsGivenIsReadAsItsType() {
        JobSettings settings =
                read(Map.of("rows", "7", "day", "monday", "layers", "a, *b", "size", "4x5"));
        assertEquals(7, settings.get(ROWS));
        assertEquals(DayOfWeek.MONDAY, settings.get(DAY));
        assertEquals(List.of("a", "*b"), settings.get(LAYERS));
        assertEquals(5, settings.get(WIDTH));
    }

    @Test
    void whatIsRecordedIsReadAgain() {
        JobSettings settings = read(Map.of("rows", "7", "layers", "a, *b"));
        Map<String, String> recorded = settings.recorded();
        assertEquals(Map.of("rows", "7", "day", "friday", "layers", "a,*b"), recorded);
        assertEquals(recorded, read(recorded).recorded());
    }

    @Test
    void aValueThatIsNotAllowedIsNamedWithTheAllowedOnes() {
        assertRefused("rows", "101", "rows: Value must be no more than 100");
        assertRefused("day", "FRIDAY", "String must be one of: monday, tuesday");
        assertRefused("size", "4", "expected ROWSxCOLUMNS");
    }

    private static void assertRefused(String key, String value, String named) {
        ConfigException e =
                assertThrows(ConfigException.class, () -> read(Map.of(key, value)), value);
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }

    @Test
    void theDefinitionSaysWhatTheDeclarationDoes() {
        ConfigKey rows = SETTINGS.definition().configKeys().get("rows");
        assertEquals(64, rows.defaultValue);
        assertEquals("[1,...,100]", rows.validator.toString());
        assertEquals(Importance.HIGH, rows.importance);
        assertEquals("Rows.", rows.documentation);
        ConfigKey size = SETTINGS.definition().configKeys().get("size");
        assertEquals("ROWSxCOLUMNS", size.validator.toString());
    }

    @Test
    void aKeyIsDeclaredOnce() {
        Setting<String> again = Setting.text("rows", "");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> SETTINGS.add(again));
        assertEquals("setting rows is declared twice", e.getMessage());
        SettingGroup other = new SettingGroup();
        other.add(again);
        assertThrows(IllegalArgumentException.class, () -> SettingGroup.of(SETTINGS, other));
    }
}
