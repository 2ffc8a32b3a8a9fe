/**
 * Dense kernels behind one interface: host BLAS, ONNX Runtime on CPU and GPU. Entry: {@link
 * io.spectrawatch.spectral.kernel.KernelProviders}.
 */
package io.spectrawatch.spectral.kernel;
