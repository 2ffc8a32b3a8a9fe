package io.spectrawatch.spectral.kernel;

/** Which library does the dense arithmetic. */
public enum KernelChoice {
    /** CUDA where a device node exists and a known product comes out right, else the host. */
    AUTO,
    /** OpenBLAS on the host. */
    HOST,
    /** ONNX Runtime graphs on its CPU provider; the bridge between host and device results. */
    ONNX_CPU,
    /** ONNX Runtime graphs on the CUDA provider, without fallback. */
    CUDA
}
