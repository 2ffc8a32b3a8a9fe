package io.spectrawatch.flink.monitor.pane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeClockTest {

    @Test
    void stateGoesOnWhereItWas() {
        MergeClock clock = MergeClock.of(null, 2);
        clock.advance(0, 20, 5, List.of());
        clock.advance(1, 10, 6, List.of());

        MergeClock restored = MergeClock.of(clock.toBytes(), 2);

        assertEquals(10, restored.complete());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theStateOfAnotherNumberOfShardsIsRefused(int shards) {
        byte[] stored = MergeClock.of(null, 2).toBytes();

        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> MergeClock.of(stored, shards));

        assertTrue(e.getMessage().contains("2 shards, shards is " + shards), e::getMessage);
    }
}
