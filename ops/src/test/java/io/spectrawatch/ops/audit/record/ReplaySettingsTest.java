package io.spectrawatch.ops.audit.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.spectrawatch.flink.monitor.config.DetectionDefinition;
import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplaySettingsTest {

    private static final LogPlan PLAN =
            new LogPlan(List.of(new ShardRange(0, 0, 10)), List.of(), Map.of());

    private static MemoryBudget budget(Map<String, String> recorded) {
        return ReplaySettings.config(
                        recorded, "host", PLAN, Map.of("bootstrap.servers", "unused:9092"), "p.", 1)
                .budget();
    }

    /** Whichever machine audits. */
    @Test
    void theRecordedBudgetDecides() {
        MemoryBudget recorded = new MemoryBudget(5L << 40, 3L << 20);
        assertNotEquals(MemoryBudget.ofThisProcess(), recorded);
        assertEquals(
                recorded,
                budget(Map.of(MemoryDefinition.MEMORY_BUDGET.key(), recorded.toString())));
    }

    @Test
    void whatTellsClientsApartIsRecordedToo() {
        String key = DetectionDefinition.DETECT_CLIENTS_BY_TENANT.key();
        assertEquals("false", ReplaySettings.completed(Map.of()).get(key), "before it was");
        assertEquals("true", ReplaySettings.completed(Map.of(key, "true")).get(key));
    }

    @Test
    void recordsOfBeforeThereWasABudgetAreNotDecidedByThisMachine() {
        assertEquals(MemoryBudget.UNLIMITED, budget(Map.of()).toString());
    }

    @Test
    void recordsThatDoNotNameItHadProductsInFp64() {
        String key = SketchDefinition.SKETCH_EXACT_ROUNDING.key();
        assertEquals("0", ReplaySettings.completed(Map.of()).get(key), "before it was");
        assertEquals("1.0E-5", ReplaySettings.completed(Map.of(key, "1.0E-5")).get(key));
    }
}
