package io.spectrawatch.spectral.kernel;

class HostKernelsTest extends KernelsContract {
    @Override
    Kernels open() {
        return KernelProviders.open(KernelChoice.HOST);
    }
}
