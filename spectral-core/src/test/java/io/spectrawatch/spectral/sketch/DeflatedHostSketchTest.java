package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

class DeflatedHostSketchTest extends SecondMomentSketchContract {
    @Override
    Kernels open() {
        return KernelProviders.open(KernelChoice.HOST);
    }

    @Override
    SketchOptions options() {
        return SketchOptions.defaults()
                .withKind(SketchKind.FREQUENT_DIRECTIONS)
                .withSketchRows(L)
                .withBlockRows(B)
                .withPrecision(Precision.DEFLATED);
    }

    /** fp32 products of the residual. */
    @Override
    double usefulRoundoff() {
        return 5e-3;
    }
}
