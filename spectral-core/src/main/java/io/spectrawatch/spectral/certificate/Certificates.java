package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.findings.LayerFindings;
import io.spectrawatch.spectral.certificate.moments.DegenerateMomentsException;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.Display;
import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.certificate.structure.NoiseCap;
import io.spectrawatch.spectral.certificate.structure.Radius;
import io.spectrawatch.spectral.certificate.structure.RowLabels;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.List;

/**
 * Calibrates and issues GSA-style certificates (our definition) of the transport between adjacent
 * layers.
 *
 * <pre>{@code
 * Calibration calibration = Certificates.calibrate("4->5", reference, heldBack, groups, options);
 * InterfaceCertificate certificate = Certificates.certify(calibration.baseline(), pane);
 * }</pre>
 */
public final class Certificates {
    private Certificates() {}

    /**
     * Freezes the baseline of a model's only interface from reference moments.
     *
     * @param name the interface
     * @param reference moments of the reference rows, both halves
     * @param heldBack panes of other reference rows in the order of time, for the means of the
     *     scores without change; without enough of them no drift is claimed
     * @param groups groups of the output rows
     */
    public static InterfaceCalibration calibrate(
            String name,
            InterfaceMoments reference,
            List<InterfaceMoments> heldBack,
            RowGroups groups,
            CertificateOptions options) {
        return calibrate(name, reference, heldBack, groups, options, null, 1);
    }

    /**
     * Freezes the baseline of one of several interfaces, whose columns may be source modes.
     *
     * @param modes eigengap test of the first layer's window, needed for source modes alone
     * @param interfaces interfaces that are calibrated together and share the probability, 0.005,
     *     that any tolerated mean of theirs is below the mean without change
     */
    public static InterfaceCalibration calibrate(
            String name,
            InterfaceMoments reference,
            List<InterfaceMoments> heldBack,
            RowGroups groups,
            CertificateOptions options,
            EigengapTest modes,
            int interfaces) {
        return new Calibrator(name, reference, heldBack, groups, options, interfaces).run(modes);
    }

    /**
     * Certifies a pane against a baseline; refuses, with the reason, rather than guess.
     *
     * @throws IllegalArgumentException if the moments are of other windows
     */
    public static InterfaceCertificate certify(InterfaceBaseline baseline, InterfaceMoments pane) {
        if (!pane.windowX().id().equals(baseline.windowX().id())
                || !pane.windowY().id().equals(baseline.windowY().id())) {
            throw new IllegalArgumentException(
                    "certificate of "
                            + baseline.name()
                            + ": windows "
                            + baseline.windowX().id()
                            + " and "
                            + baseline.windowY().id()
                            + " expected, found "
                            + pane.windowX().id()
                            + " and "
                            + pane.windowY().id());
        }
        long least = baseline.options().minimumRows();
        if (pane.rows() < least) {
            return InterfaceCertificate.refused(
                    baseline,
                    pane.rows(),
                    "at least " + least + " rows expected, found " + pane.rows());
        }
        try {
            return certify(
                    baseline,
                    pane.transport(Part.ALL),
                    pane.transport(Part.FIRST),
                    pane.transport(Part.SECOND));
        } catch (DegenerateMomentsException e) {
            return InterfaceCertificate.refused(baseline, pane.rows(), e.getMessage());
        }
    }

    /**
     * Returns the scores that {@link #certify} would hand to the sequential tests, alone: a
     * fraction of its cost, for studies of many panes.
     *
     * @throws DegenerateMomentsException if the pane says nothing
     */
    public static DriftScores scores(InterfaceBaseline baseline, InterfaceMoments pane) {
        return DriftScores.of(baseline, pane.transport(Part.FIRST), pane.transport(Part.SECOND));
    }

    private static InterfaceCertificate certify(
            InterfaceBaseline baseline, Transport all, Transport first, Transport second) {
        Display display = baseline.display();
        double[] energies = display.energies(all.values());
        if (!Dense.allFinite(energies)) {
            return InterfaceCertificate.refused(
                    baseline, all.rows(), "the energies are not finite");
        }
        ErrorBudget budget = baseline.options().budget(all);
        double error = budget.total();
        Structure structure = new Structure(energies, baseline.rule());
        Radius radius = structure.radius(baseline.certified());
        double distance =
                display.columnNorm(Dense.subtract(all.values(), baseline.transportValues()));
        ElementComparison comparison =
                new StructureComparison(baseline, structure, error).run(distance);
        NoiseCap cap = NoiseCap.of(structure, baseline.options().noiseCap());
        RowLabels labels = labels(baseline, all);
        double[] between = Dense.subtract(first.values(), second.values());
        Movement movement = Movement.between(baseline, first, second);
        DriftScores scores = DriftScores.of(baseline, first, second);
        InterfaceCertificate.Findings findings =
                new InterfaceCertificate.Findings(
                        structure,
                        radius,
                        budget,
                        cap,
                        error < cap.radius(),
                        labels,
                        resolved(labels, error),
                        comparison,
                        display.columnNorm(between) / 2,
                        all.escapeX(),
                        all.escapeY(),
                        scores.drift(),
                        scores.spectrum(),
                        movement,
                        Attribution.of(movement, baseline.levels()),
                        LayerFindings.of(baseline.referenceX(), all.x()),
                        LayerFindings.of(baseline.referenceY(), all.y()));
        String reason = reason(comparison, error, radius);
        return new InterfaceCertificate(
                baseline.id(),
                baseline.name(),
                all.rows(),
                reason.isEmpty()
                        ? InterfaceCertificate.Status.ISSUED
                        : InterfaceCertificate.Status.PARTIAL,
                reason,
                findings);
    }

    private static RowLabels labels(InterfaceBaseline baseline, Transport transport) {
        double[] rows = baseline.display().rowCoordinates(transport.values());
        int width = rows.length / baseline.groups().rows();
        double weak = Math.max(baseline.weakRow(), Double.MIN_NORMAL);
        return new RowLabels(rows, baseline.profiles(), width, weak, baseline.options().rowAngle());
    }

    private static int resolved(RowLabels labels, double error) {
        int count = 0;
        for (int i = 0; i < labels.rows(); i++) {
            count += labels.margin(i) > error ? 1 : 0;
        }
        return count;
    }

    private static String reason(ElementComparison comparison, double error, Radius radius) {
        if (!(error < radius.value())) {
            return "the error budget "
                    + error
                    + " reaches the radius "
                    + radius.value()
                    + "; "
                    + comparison.unresolved()
                    + " certified elements are unresolved";
        }
        if (comparison.uncertified() > 0) {
            return comparison.uncertified() + " elements were dropped at calibration";
        }
        return "";
    }
}
