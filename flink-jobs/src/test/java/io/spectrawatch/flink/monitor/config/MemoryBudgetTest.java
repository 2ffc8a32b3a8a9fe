package io.spectrawatch.flink.monitor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.monitor.Harnesses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final long MIB = 1 << 20;

    @Test
    void halfOfTheHeapAndThreeQuartersOfWhatTheLimitsLeaveOfNativeMemory() {
        assertEquals(
                new MemoryBudget(1024 * MIB, 1392 * MIB),
                MemoryBudget.of(2048 * MIB, 2048 * MIB, 24_000 * MIB));
        // The container is the closer limit: 3,000 less heap, overhead and what others take.
        assertEquals(
                new MemoryBudget(1024 * MIB, 176 * MIB),
                MemoryBudget.of(2048 * MIB, 2048 * MIB, 3000 * MIB));
        assertEquals(
                new MemoryBudget(256 * MIB, 240 * MIB),
                MemoryBudget.of(512 * MIB, 512 * MIB, 24_000 * MIB));
        // Never nothing, however little there is.
        assertEquals(
                new MemoryBudget(16 * MIB, 16 * MIB),
                MemoryBudget.of(16 * MIB, 16 * MIB, 512 * MIB));
    }

    @Test
    void textsAreReadAndWritten() {
        for (String text : List.of("unlimited", "heap=1,native=9223372036854775807")) {
            assertEquals(text, MemoryBudget.parse("k", text).toString());
        }
        assertEquals(
                new MemoryBudget(1L << 30, 1536 * MIB),
                MemoryBudget.parse("k", "heap=1g,native=1536m"));
        MemoryBudget own = MemoryBudget.parse("k", "auto");
        assertEquals(own, MemoryBudget.parse("k", own.toString()));
        for (String wrong :
                List.of(
                        "",
                        "1g",
                        "heap=1g",
                        "heap=0,native=1",
                        "heap=9223372036854775807k,native=1")) {
            ConfigException e =
                    assertThrows(ConfigException.class, () -> MemoryBudget.parse("k", wrong));
            assertTrue(e.getMessage().contains("k"), e.getMessage());
        }
    }

    @Test
    void theSizesAreRecordedAndConfigureAReplay() {
        MonitorConfig live = Harnesses.config(1);
        Map<String, String> recorded = live.recordedSettings();
        assertEquals(live.budget().toString(), recorded.get(MemoryDefinition.MEMORY_BUDGET.key()));
        recorded.put(MonitorDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        assertEquals(live.budget(), MonitorConfig.fromMap(recorded).budget());
    }

    @Test
    void onAClusterAutoIsNotWhatThisProcessHas() {
        Map<String, String> settings = new HashMap<>();
        MemoryBudget.onACluster(settings);
        assertEquals(
                new MemoryBudget(128 * MIB, 96 * MIB),
                MemoryBudget.parse("k", settings.get(MemoryDefinition.MEMORY_BUDGET.key())));
        settings.put(MemoryDefinition.MEMORY_BUDGET.key(), "heap=1g,native=1g");
        MemoryBudget.onACluster(settings);
        assertEquals("heap=1g,native=1g", settings.get(MemoryDefinition.MEMORY_BUDGET.key()));
    }
}
