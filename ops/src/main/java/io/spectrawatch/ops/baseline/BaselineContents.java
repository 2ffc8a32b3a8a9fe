package io.spectrawatch.ops.baseline;

import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.ErrorBudget;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.Pooling;
import io.spectrawatch.spectral.certificate.structure.StructureRule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a baseline judges by, read from its bytes.
 *
 * @param layers in the order of the chain
 * @param interfaces in the order of the chain; refused ones are in the summary alone
 * @param detector whether it scores single samples
 */
public record BaselineContents(List<Layer> layers, List<Interface> interfaces, boolean detector) {

    /**
     * A layer.
     *
     * @param columns d
     * @param window k, directions or channels
     * @param channels whether the window is a choice of channels
     * @param energyPerRow mean squared distance of the reference rows from their mean
     */
    public record Layer(
            int index,
            String name,
            int columns,
            int window,
            boolean channels,
            double energyPerRow) {}

    /**
     * An interface.
     *
     * @param mode what columns are
     * @param scope which matrix is certified
     * @param supports what a support is
     * @param thresholds activity threshold of each group; where its largest gap lay, for supports
     *     by rank
     * @param edgeThreshold eta
     * @param hubDegree h
     * @param certified elements certified
     * @param elements elements in all
     * @param radius r
     * @param errors error budget of the reference
     * @param escapeX share of the first layer's energy outside its window
     * @param escapeY share of the second layer's energy outside its window
     * @param minimumRows rows below which a pool is refused
     * @param poolRows rows of a pool
     * @param pools pools that the held-back rows were worth
     * @param drift the test of the margins
     * @param spectrum the test of the window spectra
     */
    public record Interface(
            String name,
            String certificateId,
            String mode,
            String scope,
            String supports,
            List<Double> thresholds,
            double edgeThreshold,
            int hubDegree,
            int certified,
            int elements,
            double radius,
            ErrorBudget errors,
            double escapeX,
            double escapeY,
            long minimumRows,
            long poolRows,
            int pools,
            Test drift,
            Test spectrum) {}

    /**
     * A sequential test.
     *
     * @param tolerance mu0
     * @param cut what larger scores count as
     * @param nullMean mean of its score without change
     * @param refusal why it is not offered, or empty
     */
    public record Test(double tolerance, double cut, double nullMean, String refusal) {}

    /**
     * Reads a baseline.
     *
     * @throws io.spectrawatch.spectral.baseline.BaselineFormatException if the bytes are none
     */
    static BaselineContents of(byte[] bytes) {
        ModelBaseline baseline = ModelBaseline.fromBytes(bytes);
        return new BaselineContents(
                baseline.layers().stream().map(BaselineContents::layer).toList(),
                baseline.interfaces().stream().map(each -> of(each.certificate())).toList(),
                baseline.detector().isPresent());
    }

    private static Layer layer(LayerBaseline layer) {
        return new Layer(
                layer.index(),
                layer.name(),
                layer.columns(),
                layer.window().rank(),
                layer.window().ofChannels(),
                layer.energyPerRow());
    }

    private static Interface of(InterfaceBaseline baseline) {
        CertificateOptions options = baseline.options();
        StructureRule rule = baseline.rule();
        Pooling pooling = baseline.pooling();
        return new Interface(
                baseline.name(),
                baseline.id(),
                options.mode().name(),
                options.scope().name(),
                options.thresholds().supports().name(),
                IntStream.range(0, rule.groups()).mapToObj(rule::theta).toList(),
                rule.eta(),
                rule.hubDegree(),
                baseline.certified().count(),
                baseline.certified().size(),
                baseline.radius().value(),
                baseline.budget(),
                baseline.escapeX(),
                baseline.escapeY(),
                options.minimumRows(),
                pooling.rows(),
                pooling.windows(),
                new Test(
                        options.driftTolerance(),
                        pooling.cut(),
                        pooling.nullMean(),
                        pooling.refusal()),
                new Test(
                        options.spectrumTolerance(),
                        pooling.spectrumCut(),
                        pooling.spectrumNullMean(),
                        pooling.spectrumRefusal()));
    }
}
