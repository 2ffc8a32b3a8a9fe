package io.spectrawatch.flink.monitor.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTableTest {

    private final ModelTable table = new ModelTable();
    private final List<String> evicted = new ArrayList<>();

    private boolean admit(String model, long paneEnd, long idleBefore) {
        return table.admit(
                new ModelKey(model, "1", "d"),
                new Pane(paneEnd - 10, paneEnd),
                2,
                idleBefore,
                (gone, lastPaneEnd) -> evicted.add(gone.model() + " " + lastPaneEnd));
    }

    @Test
    void whoIsInStaysInWhileItsDataComes() {
        assertTrue(admit("a", 10, 0));
        assertTrue(admit("b", 10, 0));
        for (long end = 20; end < 10_000; end += 10) {
            assertTrue(admit("a", end, end - 30));
            assertTrue(admit("b", end, end - 30));
            assertFalse(admit("made up " + end, end, end - 30));
            assertEquals(2, table.size());
        }
        assertEquals(List.of(), evicted);
    }

    @Test
    void theLongestIdleGivesItsPlaceTheFirstByNameAmongEquals() {
        admit("b", 10, 0);
        admit("a", 10, 0);
        assertTrue(admit("c", 50, 40));
        assertFalse(admit("a", 50, 5), "its place is gone, b and c are not idle");
        assertTrue(admit("b", 50, 5));
        assertEquals(List.of("a 10"), evicted);
    }

    @Test
    void isWrittenWhenItChanged() {
        assertNull(table.changed());
        admit("a", 10, 0);
        byte[] written = table.changed();
        assertNotNull(written);
        assertNull(table.changed());
        assertEquals(
                Harnesses.hex(written), Harnesses.hex(ModelTable.fromBytes(written).toBytes()));
    }
}
