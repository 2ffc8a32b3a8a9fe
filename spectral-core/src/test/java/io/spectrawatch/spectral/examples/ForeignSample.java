package io.spectrawatch.spectral.examples;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.List;

/** Fits a detector on what layers hold for clean samples, and asks it about another sample. */
final class ForeignSample {
    /** In the order of the model. */
    static final List<Tap> TAPS =
            List.of(
                    new Tap("hidden", TapRole.HIDDEN, 24),
                    new Tap("embedding", TapRole.EMBEDDING, 12),
                    new Tap("logits", TapRole.LOGITS, 3));

    /**
     * @param reference per tap the activations of 600 clean samples or more, row-major
     * @param sample per tap those of one sample
     */
    static SampleVerdict judge(float[][] reference, float[][] sample) {
        DetectorOptions options = DetectorOptions.defaults();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Activations clean = Activations.of(TAPS, reference);
            Detector detector = Detector.fit(clean, options, null, kernels);
            SampleVerdict verdict =
                    detector.score(Activations.of(TAPS, sample), kernels).verdict(0);
            if (verdict.p() <= 0.01) {
                System.out.println("p = " + verdict.p() + ", " + verdict.kind());
            }
            return verdict;
        }
    }
}
