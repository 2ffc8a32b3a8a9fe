package io.spectrawatch.spectral.kernel;

class OnnxCpuKernelsTest extends KernelsContract {
    @Override
    Kernels open() {
        return KernelProviders.open(KernelChoice.ONNX_CPU);
    }
}
