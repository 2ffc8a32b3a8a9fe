package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

class ExactHostSketchTest extends SecondMomentSketchContract {
    @Override
    Kernels open() {
        return KernelProviders.open(KernelChoice.HOST);
    }

    @Override
    SketchOptions options() {
        return SketchOptions.defaults()
                .withKind(SketchKind.EXACT)
                .withSketchRows(L)
                .withBlockRows(B);
    }
}
