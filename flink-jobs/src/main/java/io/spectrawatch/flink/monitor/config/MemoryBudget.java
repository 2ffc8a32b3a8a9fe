package io.spectrawatch.flink.monitor.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * The memory that all sketches of a job may take together, wherever its subtasks run.
 *
 * <p>Decisions follow from it, so it is a recorded setting: a replay takes the recorded sizes, not
 * those of its own machine.
 *
 * @param heap bytes of the Java heap: the copies of sketches in state and on their way
 * @param offHeap bytes of native memory: the working copies, the rows that wait for a whole block,
 *     and the scratch of the arithmetic
 */
public record MemoryBudget(long heap, long offHeap) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Takes what the limits of this process leave. */
    public static final String AUTO = "auto";

    /** Decides nothing by memory: releases before the budget wrote their records so. */
    public static final String UNLIMITED = "unlimited";

    /**
     * Where the job runs on a cluster, whose memory this process does not know: fits Flink's own
     * default of a task's heap, and the least of native memory that the job works with.
     */
    private static final MemoryBudget ON_A_CLUSTER = new MemoryBudget(128L << 20, 96L << 20);

    private static final Pattern SIZES =
            Pattern.compile("heap=(\\d+)([kmg]?),native=(\\d+)([kmg]?)");

    /** So that a kibibyte more or less of a limit does not count as another configuration. */
    private static final long UNIT = 16L << 20;

    /**
     * What a process needs beside heap and direct memory: code, threads, what libraries allocate.
     */
    private static final long OVERHEAD = 512L << 20;

    /** Direct memory of others: Flink's network buffers, Kafka's, files. */
    private static final long OTHERS_DIRECT = 192L << 20;

    /** Checks the sizes. */
    public MemoryBudget {
        if (heap < 1 || offHeap < 1) {
            throw new IllegalArgumentException(
                    "memory budget: heap and native of at least 1 byte expected, found "
                            + heap
                            + " and "
                            + offHeap);
        }
    }

    /**
     * Reads a setting.
     *
     * @param key of the setting, for errors
     * @param text {@code auto}, {@code unlimited}, or {@code heap=SIZE,native=SIZE} with sizes in
     *     bytes or with k, m or g behind them for the powers of 1,024
     * @throws ConfigException if it is none of them
     */
    public static MemoryBudget parse(String key, String text) {
        if (text.equals(AUTO)) {
            return ofThisProcess();
        }
        if (text.equals(UNLIMITED)) {
            return new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
        }
        Matcher sizes = SIZES.matcher(text);
        if (!sizes.matches()) {
            throw new ConfigException(
                    key, text, "auto, unlimited or sizes such as heap=1g,native=1536m expected");
        }
        try {
            return new MemoryBudget(
                    bytes(sizes.group(1), sizes.group(2)), bytes(sizes.group(3), sizes.group(4)));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new ConfigException(key, text, "sizes from 1 byte to 2^63 - 1 expected");
        }
    }

    /** Replaces auto, also by default, where the job will not run in this process. */
    public static void onACluster(Map<String, String> settings) {
        settings.merge(
                MemoryDefinition.MEMORY_BUDGET.key(),
                ON_A_CLUSTER.toString(),
                (given, there) -> given.equals(AUTO) ? there : given);
    }

    private static long bytes(String number, String unit) {
        int power = unit.isEmpty() ? 0 : 1 + "kmg".indexOf(unit);
        return Math.multiplyExact(Long.parseLong(number), 1L << 10 * power);
    }

    /** What the limits of this process leave: of its heap, its direct memory and its container. */
    public static MemoryBudget ofThisProcess() {
        long heap = Runtime.getRuntime().maxMemory();
        return of(heap, directLimit(heap), containerBytes());
    }

    /**
     * Half of the heap, because as much again is Flink's, Kafka's and garbage; of native memory
     * three quarters of what is left for it.
     *
     * @param heap most bytes of the heap
     * @param direct most bytes of direct memory
     * @param container most bytes of the process
     */
    static MemoryBudget of(long heap, long direct, long container) {
        long natives = Math.min(direct, container - heap - OVERHEAD) - OTHERS_DIRECT;
        return new MemoryBudget(rounded(heap / 2), rounded(natives / 4 * 3));
    }

    private static long rounded(long bytes) {
        return Math.max(1, bytes / UNIT) * UNIT;
    }

    /** Without -XX:MaxDirectMemorySize, as much as the heap. */
    private static long directLimit(long heap) {
        HotSpotDiagnosticMXBean machine =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long set = Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
        return set == 0 ? heap : set;
    }

    /** Of the container where the JVM runs in one, else of the machine. */
    private static long containerBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    boolean isUnlimited() {
        return heap == Long.MAX_VALUE && offHeap == Long.MAX_VALUE;
    }

    /** As a setting, in bytes. */
    @Override
    public String toString() {
        return isUnlimited() ? UNLIMITED : "heap=" + heap + ",native=" + offHeap;
    }
}
