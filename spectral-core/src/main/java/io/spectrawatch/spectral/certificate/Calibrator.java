package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.DegenerateMomentsException;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.CertifiedElements;
import io.spectrawatch.spectral.certificate.structure.Display;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.certificate.structure.StructureRule;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.List;

/** Turns reference moments into a baseline, or says why not. */
final class Calibrator {
    private final String name;
    private final InterfaceMoments reference;
    private final List<InterfaceMoments> heldBack;
    private final RowGroups groups;
    private final CertificateOptions options;
    private final int interfaces;

    Calibrator(
            String name,
            InterfaceMoments reference,
            List<InterfaceMoments> heldBack,
            RowGroups groups,
            CertificateOptions options,
            int interfaces) {
        this.name = name;
        this.reference = reference;
        this.heldBack = heldBack;
        this.groups = groups;
        this.options = options;
        this.interfaces = interfaces;
    }

    InterfaceCalibration run(EigengapTest modes) {
        String display = displayRefusal(modes);
        if (!display.isEmpty()) {
            return InterfaceCalibration.refused(name + ": " + display);
        }
        for (Part part : Part.values()) {
            if (reference.rows(part) < options.minimumRows() / 2) {
                return InterfaceCalibration.refused(
                        name
                                + ": at least "
                                + options.minimumRows()
                                + " reference rows in two halves expected, found "
                                + reference.rows(part)
                                + " in "
                                + part);
            }
        }
        try {
            return calibrate();
        } catch (DegenerateMomentsException e) {
            return InterfaceCalibration.refused(name + ": " + e.getMessage());
        }
    }

    /** Why the columns cannot be displayed as asked for, or empty. */
    private String displayRefusal(EigengapTest modes) {
        if (options.mode() == CertificateOptions.Mode.PHYSICAL) {
            return "";
        }
        if (reference.windowX().ofChannels()) {
            return "source modes are directions of the first layer's window, and its window is a"
                    + " choice of channels; use the physical display";
        }
        String refusal =
                modes == null ? "no eigengap test of the first window was made" : modes.refusal();
        return refusal.isEmpty()
                ? ""
                : "source modes do not pass the eigengap test: "
                        + refusal
                        + "; use the physical display or a smaller window";
    }

    private InterfaceCalibration calibrate() {
        Transport all = reference.transport(Part.ALL);
        Transport first = reference.transport(Part.FIRST);
        Transport second = reference.transport(Part.SECOND);
        Display display =
                InterfaceBaseline.display(
                        reference.windowX(), reference.windowY(), groups, options);
        boolean ranked = options.thresholds().supports() == ThresholdOptions.Supports.RANK;
        if (ranked && display.columns() < 2) {
            return InterfaceCalibration.refused(
                    name + ": supports by rank need two columns, found 1");
        }
        double[] energies = display.energies(all.values());
        if (!Dense.allFinite(energies)) {
            return InterfaceCalibration.refused(name + ": energies are not finite");
        }
        StructureRule rule =
                StructureRule.atLargestGaps(energies, groups.groups(), options.thresholds());
        Structure structure = new Structure(energies, rule);
        ErrorBudget budget = options.budget(all);
        Resolution resolution =
                new Resolution(display, structure, first, second, budget.total(), all.rows());
        long rows = options.poolRows();
        CertifiedElements certified = resolution.at(rows);
        while (!enough(certified) && 2 * rows <= options.mostPoolRows()) {
            rows *= 2;
            certified = resolution.at(rows);
        }
        if (!enough(certified)) {
            return InterfaceCalibration.refused(
                    name
                            + ": the two halves of the reference resolve "
                            + certified.count()
                            + " of "
                            + certified.size()
                            + " elements in pools of "
                            + rows
                            + " rows, at least a share of "
                            + options.minimumCertified()
                            + " is needed; use more reference rows or larger pools");
        }
        InterfaceBaseline draft =
                new InterfaceBaseline(
                        name,
                        reference.windowX(),
                        reference.windowY(),
                        groups,
                        options,
                        rule,
                        certified,
                        new ReferenceTransport(all),
                        budget,
                        Pooling.unmeasured(rows),
                        Movement.NONE);
        if (!(draft.strictRadius() > 0)) {
            return InterfaceCalibration.refused(
                    name
                            + ": radius "
                            + draft.radius().value()
                            + " does not exceed the error budget "
                            + budget.total());
        }
        return InterfaceCalibration.of(
                new NullMeasurement(heldBack, options, interfaces).of(draft));
    }

    private boolean enough(CertifiedElements certified) {
        return certified.count() >= options.minimumCertified() * certified.size();
    }
}
