package io.spectrawatch.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LocalSubtasksTest {

    @Test
    void zeroIsOnePerProcessorAndAtMostTheShards() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertEquals(1, LocalSubtasks.of(0, 1));
        assertEquals(processors, LocalSubtasks.of(0, processors + 7));
    }

    @Test
    void anyOtherNumberIsTakenAsItIs() {
        assertEquals(1, LocalSubtasks.of(1, 4));
        assertEquals(9, LocalSubtasks.of(9, 4));
    }
}
