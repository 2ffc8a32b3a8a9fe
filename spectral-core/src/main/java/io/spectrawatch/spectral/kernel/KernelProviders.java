package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.onnx.OnnxRuntime;
import java.nio.DoubleBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens kernels by choice. */
public final class KernelProviders {
    private static final Logger LOG = LoggerFactory.getLogger(KernelProviders.class);

    /** Order of the known product; large enough that a device runs its usual kernel. */
    private static final int PROBE = 64;

    /** Every thread that works opens kernels; what was chosen is said once. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private KernelProviders() {}

    /**
     * Opens kernels for one thread. AUTO looks for a device node before it touches the device
     * library, then checks a known product on the device, and falls back to the host. What was
     * chosen is one line in the log, the first time.
     *
     * @throws KernelException if the chosen library or device cannot be used
     */
    public static Kernels open(KernelChoice choice) {
        return switch (choice) {
            case AUTO -> auto();
            case HOST -> new HostKernels();
            case ONNX_CPU -> OnnxKernels.cpu();
            case CUDA -> cuda();
        };
    }

    private static Kernels auto() {
        if (!OnnxRuntime.hasDeviceNode()) {
            sayOnce("kernels: HOST, no NVIDIA device node on this machine");
            return new HostKernels();
        }
        try {
            Kernels kernels = cuda();
            sayOnce("kernels: CUDA, a known product agrees");
            return kernels;
        } catch (KernelException | IllegalStateException e) {
            String reason = rootMessage(e);
            if (SAID.add("kernels: HOST, " + reason)) {
                LOG.warn("kernels: HOST, the device cannot be used: {}", reason);
            }
            return new HostKernels();
        }
    }

    private static void sayOnce(String choice) {
        if (SAID.add(choice)) {
            LOG.info(choice);
        }
    }

    private static Kernels cuda() {
        if (!OnnxRuntime.hasDeviceNode()) {
            throw new KernelException(
                    "CUDA kernels: a device node /dev/nvidia0 expected, found none");
        }
        Kernels kernels = OnnxKernels.cuda(0);
        try {
            probe(kernels);
            return kernels;
        } catch (RuntimeException e) {
            kernels.close();
            throw e;
        }
    }

    /** Multiplies matrices of small integers, which every correct fp64 product gets exactly. */
    static void probe(Kernels kernels) {
        DoubleBuffer a = Workspace.allocate(PROBE * PROBE);
        DoubleBuffer b = Workspace.allocate(PROBE * PROBE);
        DoubleBuffer out = Workspace.allocate(PROBE * PROBE);
        for (int i = 0; i < PROBE * PROBE; i++) {
            // Above 2^24 / 64, so that single precision or TF32 arithmetic would be noticed.
            a.put(i, (i * 7919L) % 1_000_003);
            b.put(i, (i * 104_729L) % 999_983);
        }
        kernels.cross(PROBE, PROBE, PROBE, a, b, out, 0, PROBE);
        for (int i = 0; i < PROBE; i++) {
            for (int j = 0; j < PROBE; j++) {
                double expected = 0;
                for (int k = 0; k < PROBE; k++) {
                    expected += a.get(i * PROBE + k) * b.get(j * PROBE + k);
                }
                if (out.get(i * PROBE + j) != expected) {
                    throw new KernelException(
                            kernels.description().provider()
                                    + " kernels: a known product should be "
                                    + expected
                                    + ", found "
                                    + out.get(i * PROBE + j));
                }
            }
        }
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
