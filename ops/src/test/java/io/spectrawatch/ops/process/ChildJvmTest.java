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

    @Test
    void everyKindOfErrorIsToldOnce() {
        String log =
                "10:00 ERROR Committer - one\n10:01 ERROR Committer - one\n10:02 ERROR Task - two\n"
                        + "Caused by: a.B: three\n"
                        + "\tat a.B.c\n".repeat(1000);
        String told = ChildJvm.endOf(log);
        assertTrue(
                told.contains(
                        "each kind once:\n10:00 ERROR Committer - one\n10:02 ERROR Task - two\n"
                                + "Caused by: a.B: three\nits log ends:"),
                told);
    }
}
