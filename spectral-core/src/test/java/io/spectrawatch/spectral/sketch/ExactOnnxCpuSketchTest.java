package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

class ExactOnnxCpuSketchTest extends SecondMomentSketchContract {
    @Override
    Kernels open() {
        return KernelProviders.open(KernelChoice.ONNX_CPU);
    }

    @Override
    SketchOptions options() {
        return SketchOptions.defaults()
                .withKind(SketchKind.EXACT)
                .withSketchRows(L)
                .withBlockRows(B);
    }
}
