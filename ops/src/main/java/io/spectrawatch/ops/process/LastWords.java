package io.spectrawatch.ops.process;

import java.io.PrintStream;
import java.time.Duration;

/**
 * The one line with which a process ends when it cannot go on.
 *
 * <p>The virtual machine ends a process whose heap or metaspace is full by itself, see {@link
 * JvmOptions}. What it does not see are {@link OutOfMemoryError}s that Java code throws: direct
 * buffers, and the native memory of libraries.
 */
public final class LastWords {

    /** A process that has ended may not be kept alive by one that waits for it. */
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(60);

    private static final long MIB = 1024 * 1024;

    private LastWords() {}

    /**
     * Ends the process when any thread dies of an {@link Error}: nobody would notice that its work
     * is left undone.
     *
     * @param name begins the line
     */
    public static void endOnError(String name, PrintStream err) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> {
                    if (failure instanceof Error) {
                        err.println(
                                name + ": thread " + thread.getName() + " died: " + of(failure));
                        Runtime.getRuntime().halt(ExitCodes.of(failure));
                    }
                    err.println(name + ": thread " + thread.getName() + " died");
                    failure.printStackTrace(err);
                });
    }

    /** Runs the shutdown hooks and ends the process, after a minute even if they hang. */
    public static void exit(int code) {
        Thread limit =
                new Thread(
                        () -> {
                            try {
                                Thread.sleep(SHUTDOWN_LIMIT.toMillis());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            Runtime.getRuntime().halt(code);
                        },
                        "shutdown-limit");
        limit.setDaemon(true);
        limit.start();
        System.exit(code);
    }

    /** A failure in one line: which memory ran out, or the innermost cause. */
    public static String of(Throwable failure) {
        OutOfMemoryError memory = outOfMemory(failure);
        if (memory != null) {
            return outOfMemory(memory.getMessage());
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root.getClass().getSimpleName() + ": " + root.getMessage();
        return text.lines().findFirst().orElse(text);
    }

    /**
     * Names the memory that ran out.
     *
     * @param message of an {@link OutOfMemoryError}; may be null
     */
    public static String outOfMemory(String message) {
        String said = message == null ? "" : message.lines().findFirst().orElse("");
        return "out of memory: " + area(said) + (said.isEmpty() ? "" : " (" + said + ")");
    }

    private static String area(String message) {
        if (message.contains("heap space")
                || message.contains("GC overhead")
                || message.contains("array size")) {
            return "the heap of " + Runtime.getRuntime().maxMemory() / MIB + " MiB (-Xmx)";
        }
        if (message.contains("Metaspace") || message.contains("class space")) {
            return "the metaspace (-XX:MaxMetaspaceSize)";
        }
        if (message.contains("irect buffer")) {
            return "direct buffers (-XX:MaxDirectMemorySize)";
        }
        return message.contains("thread")
                ? "native memory or the number of threads"
                : "native memory";
    }

    /** The first among the causes, null if memory did not run out. */
    static OutOfMemoryError outOfMemory(Throwable failure) {
        Throwable each = failure;
        while (each != null) {
            if (each instanceof OutOfMemoryError memory) {
                return memory;
            }
            each = each.getCause() == each ? null : each.getCause();
        }
        return null;
    }
}
