package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.natives.NativeFolder;
import org.bytedeco.openblas.global.openblas_full;

/** Loads OpenBLAS once, on one thread, from the shared native folder. */
final class OpenBlas {
    private OpenBlas() {}

    static synchronized KernelDescription load() {
        String folder = NativeFolder.prepareJavaCpp();
        try {
            openblas_full.openblas_set_num_threads(1);
            return new KernelDescription(
                    KernelChoice.HOST.name(),
                    "OpenBLAS",
                    openblas_full.openblas_get_config().getString(),
                    openblas_full.openblas_get_corename().getString(),
                    "cpu",
                    openblas_full.openblas_get_num_threads());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new KernelException(
                    "OpenBLAS cannot be loaded from "
                            + folder
                            + "; linux-x86_64 is required and the folder must allow execution",
                    e);
        }
    }
}
