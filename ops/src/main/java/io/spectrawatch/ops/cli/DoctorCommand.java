package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelDescription;
import io.spectrawatch.spectral.kernel.KernelException;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.onnx.OnnxRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: says what this machine and this broker would do, and what is wrong with them. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks Java, memory, kernels, telemetry and, given a broker, the broker and its"
                        + " topics; exit code 1 when something is wrong.")
final class DoctorCommand implements Callable<Integer> {

    private static final int LEAST_JAVA = 17;
    private static final long LEAST_HEAP_MIB = 512;
    private static final long MIB = 1024 * 1024;

    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private KafkaOptions kafka;

    private PrintWriter out;
    private int problems;

    @Override
    public Integer call() throws InterruptedException {
        out = spec.commandLine().getOut();
        checkJava();
        checkTelemetry(System.getenv());
        checkKernels();
        if (kafka == null) {
            out.println("broker      not checked: no --bootstrap-server given");
        } else {
            checkBroker();
        }
        out.println(problems == 0 ? "all well" : problems + " problem(s)");
        return problems == 0 ? 0 : Main.FAILED;
    }

    private void checkJava() {
        int feature = Runtime.version().feature();
        report(
                "java",
                Runtime.version() + ", " + System.getProperty("os.arch"),
                feature >= LEAST_JAVA,
                "Java " + LEAST_JAVA + " or later is needed");
        long heap = Runtime.getRuntime().maxMemory() / MIB;
        report(
                "memory",
                heap
                        + " MiB heap at most, "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors",
                heap >= LEAST_HEAP_MIB,
                "at least " + LEAST_HEAP_MIB + " MiB of heap are needed (-Xmx)");
    }

    private void checkTelemetry(Map<String, String> environment) {
        boolean off = "1".equals(environment.get("ORT_DISABLE_TELEMETRY"));
        report(
                "telemetry",
                off ? "off (ORT_DISABLE_TELEMETRY=1)" : "ORT_DISABLE_TELEMETRY is not 1",
                off,
                "ONNX Runtime would report usage to its vendor, and is not loaded");
    }

    private void checkKernels() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.AUTO)) {
            KernelDescription used = kernels.description();
            report(
                    "kernels",
                    String.format(
                            "%s: %s %s, core %s, device %s, %d thread(s) per slot; %s",
                            used.provider(),
                            used.library(),
                            used.libraryVersion(),
                            used.coreName(),
                            used.device(),
                            used.threads(),
                            reason(used)),
                    true,
                    "");
        } catch (KernelException e) {
            report("kernels", e.getMessage(), false, "no kernels can be used");
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

    private void checkBroker() throws InterruptedException {
        try (Admin admin = kafka.connect()) {
            report("broker", "answers at " + kafka.bootstrapServer(), true, "");
            for (TopicState topic : new TopicAdmin(admin, kafka.topicPrefix()).describe()) {
                report(
                        "topic",
                        topic.name()
                                + (topic.exists()
                                        ? ", " + topic.partitions() + " partition(s)"
                                        : ""),
                        topic.problems().isEmpty(),
                        String.join("; ", topic.problems()));
            }
        } catch (IOException | ExecutionException e) {
            report("broker", kafka.bootstrapServer(), false, e.getMessage());
        }
    }

    private void report(String what, String found, boolean well, String problem) {
        out.printf("%-11s %s%n", what, found);
        if (!well) {
            problems++;
            out.printf("%-11s PROBLEM: %s%n", "", problem);
        }
    }
}
