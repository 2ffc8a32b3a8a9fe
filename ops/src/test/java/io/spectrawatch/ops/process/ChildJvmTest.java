package io.spectrawatch.ops.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is said of a process that failed. */
class ChildJvmTest {

    @Test
    void aShortLogIsToldWhole() {
        assertEquals("its log ends:\na ERROR b\n", ChildJvm.endOf("a ERROR b\n"));
    }

    @Test
    void theFirstErrorIsToldThoughMuchFollows() {
        String log = "start\n10:00 ERROR the cause\n" + "\tat a.B.c\n".repeat(1000) + "the end";
        String told = ChildJvm.endOf(log);
        assertTrue(told.startsWith("its first error:\nERROR the cause\n\tat a.B.c\n"), told);
        assertTrue(told.endsWith("the end"), told);
        assertTrue(told.length() < 6_000);
        assertFalse(told.contains("start"));
    }
}
