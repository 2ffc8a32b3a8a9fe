package io.spectrawatch.ops.doctor;

import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.schemas.Compatibility;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelDescription;
import io.spectrawatch.spectral.kernel.KernelException;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks that need no broker: Java, memory, kernels, telemetry, schemas, folders. */
public final class MachineChecks {

    private static final int LEAST_JAVA = 17;
    private static final long MIB = 1024 * 1024;
    private static final long LEAST_HEAP_MIB = 512;

    /** A checkpoint of the largest layers, twice, and what the native libraries unpack to. */
    private static final long LEAST_FREE_MIB = 1024;

    private static final long ENOUGH_FREE_MIB = 5 * 1024;

    private MachineChecks() {}

    /**
     * Looks at everything.
     *
     * @param folders in which processes of this machine keep state or checkpoints
     */
    public static List<DoctorFinding> run(Map<String, String> environment, List<Path> folders) {
        List<DoctorFinding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(memory());
        findings.add(budget());
        findings.add(telemetry(environment));
        findings.add(kernels());
        findings.add(schemas(Compatibility.problems()));
        for (Path folder : folders) {
            findings.add(disk(folder, LEAST_FREE_MIB, ENOUGH_FREE_MIB));
        }
        return findings;
    }

    private static DoctorFinding java() {
        String found = Runtime.version() + ", " + System.getProperty("os.arch");
        return Runtime.version().feature() >= LEAST_JAVA
                ? DoctorFinding.ok("java", "", found)
                : DoctorFinding.failed("java", "", "Java " + LEAST_JAVA + " or later", found);
    }

    private static DoctorFinding memory() {
        long heap = Runtime.getRuntime().maxMemory() / MIB;
        String found =
                heap
                        + " MiB heap at most, "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors";
        return heap >= LEAST_HEAP_MIB
                ? DoctorFinding.ok("memory", "", found)
                : DoctorFinding.failed(
                        "memory", "", "at least " + LEAST_HEAP_MIB + " MiB heap (-Xmx)", found);
    }

    /** What memory.budget=auto would be for a monitor with this command's limits. */
    private static DoctorFinding budget() {
        MemoryBudget budget = MemoryBudget.ofThisProcess();
        return DoctorFinding.ok(
                "budget",
                "",
                budget.heap() / MIB
                        + " MiB heap, "
                        + budget.offHeap() / MIB
                        + " MiB native for the sketches of a monitor (memory.budget=auto)");
    }

    static DoctorFinding telemetry(Map<String, String> environment) {
        String name = "ORT_DISABLE_TELEMETRY";
        return "1".equals(environment.get(name))
                ? DoctorFinding.ok("telemetry", "", "off (" + name + "=1)")
                : DoctorFinding.failed(
                        "telemetry",
                        "",
                        name
                                + "=1; otherwise ONNX Runtime would report usage to its vendor, and is"
                                + " not loaded",
                        name + " is not 1");
    }

    private static DoctorFinding kernels() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.AUTO)) {
            KernelDescription used = kernels.description();
            return DoctorFinding.ok(
                    "kernels",
                    "",
                    String.format(
                            "%s: %s %s, core %s, device %s, %d thread(s) per slot; %s",
                            used.provider(),
                            used.library(),
                            used.libraryVersion(),
                            used.coreName(),
                            used.device(),
                            used.threads(),
                            reason(used)));
        } catch (KernelException e) {
            return DoctorFinding.failed("kernels", "", "kernels that work", e.getMessage());
        }
    }

    private static String reason(KernelDescription used) {
        if (!OnnxRuntime.hasDeviceNode()) {
            return "no NVIDIA device node on this machine";
        }
        return used.provider().equals(KernelChoice.CUDA.name())
                ? "the device gives a known product"
                : "there is an NVIDIA device node, but the log says why it cannot be used";
    }

    static DoctorFinding schemas(List<String> problems) {
        return problems.isEmpty()
                ? DoctorFinding.ok(
                        "schemas", "", "all " + Compatibility.released() + " released are read")
                : DoctorFinding.failed(
                        "schemas",
                        "",
                        "every released schema is read, every current one is released",
                        String.join("; ", problems));
    }

    /** Space and the right to write, at the folder or where it will be made. */
    static DoctorFinding disk(Path folder, long leastMib, long enoughMib) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return DoctorFinding.failed(
                    "disk",
                    folder.toString(),
                    "a folder that can be written",
                    existing + " cannot");
        }
        try {
            FileStore store = Files.getFileStore(existing);
            long free = store.getUsableSpace() / MIB;
            String found = free + " MiB free";
            if (free < leastMib) {
                return DoctorFinding.failed(
                        "disk", folder.toString(), "at least " + leastMib + " MiB free", found);
            }
            return free < enoughMib
                    ? DoctorFinding.warning(
                            "disk", folder.toString(), enoughMib + " MiB free or more", found)
                    : DoctorFinding.ok("disk", folder.toString(), found);
        } catch (IOException e) {
            return DoctorFinding.failed(
                    "disk", folder.toString(), "a file system that answers", e.getMessage());
        }
    }
}
