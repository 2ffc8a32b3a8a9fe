package io.spectrawatch.spectral.detect.combine;

/**
 * What the detector says about one sample.
 *
 * @param sample index of the sample in the rows scored
 * @param predicted predicted class, 0 where classes are pooled
 * @param favoured class that the layer with the weighted class evidence explains best, the
 *     predicted one where classes are pooled
 * @param statistic weighted half-Cauchy combination; larger is more suspicious
 * @param p conformal p-value of the statistic among clean samples
 * @param kind what it would be if it were an alert
 * @param loudest the score that contributed most
 */
public record SampleVerdict(
        int sample,
        int predicted,
        int favoured,
        double statistic,
        double p,
        Kind kind,
        String loudest) {

    /** What a small p-value means. */
    public enum Kind {
        /** The first layers already lie off the reference, more than anything else speaks. */
        OUT_OF_DISTRIBUTION,
        /** The layers contradict each other, or the answer, more than the input is unusual. */
        ADVERSARIAL
    }
}
