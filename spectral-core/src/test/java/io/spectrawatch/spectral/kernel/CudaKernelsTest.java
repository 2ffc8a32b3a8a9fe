package io.spectrawatch.spectral.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spectrawatch.spectral.onnx.OnnxRuntime;

class CudaKernelsTest extends KernelsContract {
    @Override
    Kernels open() {
        assumeTrue(OnnxRuntime.hasDeviceNode(), "no NVIDIA device node on this machine");
        return KernelProviders.open(KernelChoice.CUDA);
    }
}
