package io.spectrawatch.ops.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory of one JVM of a Flink cluster, as Flink's options and as the virtual machine's own.
 *
 * <p>Flink's start scripts derive one from the other; without them every part must be set. All
 * sizes in MiB.
 *
 * <pre>
 * heap       -Xmx                      Flink's own and the tasks' objects
 * direct     -XX:MaxDirectMemorySize   network buffers, direct buffers of Flink and of the kernels
 * metaspace  -XX:MaxMetaspaceSize      classes
 * overhead   not limited by the JVM    threads, code, and what native libraries allocate
 * </pre>
 */
final class JvmMemory {

    /** Network buffers, 32 KiB each: plenty for two chained operators and their shuffles. */
    private static final int NETWORK = 64;

    private static final int FRAMEWORK_HEAP = 128;
    private static final int FRAMEWORK_OFF_HEAP = 128;
    private static final int TASK_OFF_HEAP = 128;
    private static final int METASPACE = 256;
    private static final int OVERHEAD = 256;

    private final int heap;
    private final int direct;
    private final Map<String, String> flink = new LinkedHashMap<>();

    private JvmMemory(int heap, int direct) {
        this.heap = heap;
        this.direct = direct;
    }

    static JvmMemory ofJobManager(int heap) {
        JvmMemory memory = new JvmMemory(heap, FRAMEWORK_OFF_HEAP);
        memory.put("jobmanager.memory.heap.size", heap);
        memory.put("jobmanager.memory.off-heap.size", FRAMEWORK_OFF_HEAP);
        memory.putRest("jobmanager.memory.");
        return memory;
    }

    /** State is kept on the heap, so that no managed memory is wanted. */
    static JvmMemory ofTaskManager(int taskHeap) {
        JvmMemory memory =
                new JvmMemory(
                        FRAMEWORK_HEAP + taskHeap, FRAMEWORK_OFF_HEAP + TASK_OFF_HEAP + NETWORK);
        memory.put("taskmanager.memory.framework.heap.size", FRAMEWORK_HEAP);
        memory.put("taskmanager.memory.task.heap.size", taskHeap);
        memory.put("taskmanager.memory.framework.off-heap.size", FRAMEWORK_OFF_HEAP);
        memory.put("taskmanager.memory.task.off-heap.size", TASK_OFF_HEAP);
        memory.put("taskmanager.memory.network.min", NETWORK);
        memory.put("taskmanager.memory.network.max", NETWORK);
        memory.put("taskmanager.memory.managed.size", 0);
        memory.putRest("taskmanager.memory.");
        return memory;
    }

    private void putRest(String prefix) {
        put(prefix + "jvm-metaspace.size", METASPACE);
        put(prefix + "jvm-overhead.min", OVERHEAD);
        put(prefix + "jvm-overhead.max", OVERHEAD);
    }

    private void put(String key, int mebibytes) {
        flink.put(key, mebibytes + "m");
    }

    /** Every memory option of Flink for this JVM. */
    Map<String, String> flinkOptions() {
        return flink;
    }

    /** The limits for the virtual machine. */
    List<String> jvmOptions() {
        return List.of(
                "-Xmx" + heap + "m",
                "-XX:MaxDirectMemorySize=" + direct + "m",
                "-XX:MaxMetaspaceSize=" + METASPACE + "m");
    }
}
