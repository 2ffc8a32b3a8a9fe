package io.spectrawatch.ops.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs out of memory ends, with a line that says of which. */
class LastWordsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    /** Runs out of memory in a thread of its own, while another one keeps the process alive. */
    static final class Dying {

        private Dying() {}

        public static void main(String[] args) throws InterruptedException {
            LastWords.endOnError("dying", System.err);
            new Thread(args[0].equals("heap") ? Dying::heap : Dying::direct, "worker").start();
            Thread.currentThread().join();
        }

        private static void heap() {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }

        private static void direct() {
            List<ByteBuffer> all = new ArrayList<>();
            while (true) {
                all.add(ByteBuffer.allocateDirect(1 << 20));
            }
        }
    }

    private String ended(String memory) throws Exception {
        Path log = folder.resolve(memory);
        try (ChildJvm child =
                ChildJvm.named(memory)
                        .options("-Xmx16m", "-XX:MaxDirectMemorySize=4m", "-XX:+UseSerialGC")
                        .log(log)
                        .start(Dying.class.getName(), memory)) {
            assertEquals(ExitCodes.OUT_OF_MEMORY, child.awaitExit(PATIENCE), child.describe());
        }
        String said = Files.readString(log);
        assertEquals(1, said.lines().count(), said);
        return said.strip();
    }

    @Test
    void aFullHeapEndsTheProcessAndIsNamed() throws Exception {
        assertEquals(
                "Terminating due to java.lang.OutOfMemoryError: Java heap space", ended("heap"));
    }

    @Test
    void directBuffersEndTheProcessAndAreNamed() throws Exception {
        String said = ended("direct");
        assertTrue(
                said.startsWith(
                        "dying: thread worker died: out of memory: direct buffers"
                                + " (-XX:MaxDirectMemorySize) ("),
                said);
    }

    @Test
    void everyMemoryHasAName() {
        String heap = LastWords.of(new OutOfMemoryError("GC overhead limit exceeded"));
        assertTrue(heap.startsWith("out of memory: the heap of "), heap);
        assertEquals(
                "out of memory: the metaspace (-XX:MaxMetaspaceSize) (Metaspace)",
                LastWords.of(new IllegalStateException("x", new OutOfMemoryError("Metaspace"))));
        assertEquals("out of memory: native memory", LastWords.of(new OutOfMemoryError()));
        assertEquals(
                "IllegalStateException: why",
                LastWords.of(new RuntimeException("x", new IllegalStateException("why\nat"))));
        assertEquals(ExitCodes.FAILED, ExitCodes.of(new StackOverflowError()));
    }

    /** Every process of ours starts with them, whoever starts it. */
    @Test
    void theLauncherHasTheOptionsOfTheChildren() throws Exception {
        String launcher = Files.readString(Path.of("bin", "spectrawatch"));
        for (String option : JvmOptions.ALWAYS) {
            assertTrue(launcher.contains(option), option);
        }
    }
}
