package io.spectrawatch.spectral.kernel;

/**
 * What computed a number, recorded in every manifest.
 *
 * @param provider HOST, ONNX_CPU or CUDA
 * @param library name of the native library
 * @param libraryVersion its version
 * @param coreName the processor kernel set it chose (it differs between processor models)
 * @param device cpu or the device index
 * @param threads threads per call
 */
public record KernelDescription(
        String provider,
        String library,
        String libraryVersion,
        String coreName,
        String device,
        int threads) {}
