package io.spectrawatch.spectral.kernel;

/** Opens kernels by choice. */
public final class KernelProviders {
    private KernelProviders() {}

    /**
     * Opens kernels for one thread.
     *
     * @throws KernelException if the chosen library or device cannot be used
     */
    public static Kernels open(KernelChoice choice) {
        return switch (choice) {
            case AUTO, HOST -> new HostKernels();
            case ONNX_CPU, CUDA ->
                    throw new KernelException("kernels: " + choice + " cannot be opened");
        };
    }
}
