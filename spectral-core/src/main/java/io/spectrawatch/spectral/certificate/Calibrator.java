package io.spectrawatch.spectral.certificate;

import java.util.List;

/** Turns reference moments into a baseline, or says why not. */
final class Calibrator {
    private final String name;
    private final InterfaceMoments reference;
    private final List<InterfaceMoments> heldBack;
    private final RowGroups groups;
    private final CertificateOptions options;

    Calibrator(
            String name,
            InterfaceMoments reference,
            List<InterfaceMoments> heldBack,
            RowGroups groups,
            CertificateOptions options) {
        this.name = name;
        this.reference = reference;
        this.heldBack = heldBack;
        this.groups = groups;
        this.options = options;
    }

    Calibration run(EigengapTest modes) {
        if (options.mode() == CertificateOptions.Mode.SOURCE_MODES
                && (modes == null || !modes.allModesSeparated())) {
            return Calibration.refused(
                    name
                            + ": source modes are not separated by the eigengap test; use the"
                            + " physical display or a smaller window");
        }
        for (Part part : Part.values()) {
            if (reference.rows(part) < options.minimumRows() / 2) {
                return Calibration.refused(
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
            return Calibration.refused(name + ": " + e.getMessage());
        }
    }

    private Calibration calibrate() {
        Transport all = reference.transport(Part.ALL);
        Transport first = reference.transport(Part.FIRST);
        Transport second = reference.transport(Part.SECOND);
        Display display =
                InterfaceBaseline.display(
                        reference.windowX(), reference.windowY(), groups, options);
        double[] energies = display.energies(all.values());
        if (!Dense.allFinite(energies)) {
            return Calibration.refused(name + ": energies are not finite");
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
            return Calibration.refused(
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
                        Pooling.refused(rows, 0, 0, "not measured"),
                        Movement.NONE);
        if (!(draft.strictRadius() > 0)) {
            return Calibration.refused(
                    name
                            + ": radius "
                            + draft.radius().value()
                            + " does not exceed the error budget "
                            + budget.total());
        }
        return Calibration.of(new NullMeasurement(heldBack, options).of(draft));
    }

    private boolean enough(CertifiedElements certified) {
        return certified.count() >= options.minimumCertified() * certified.size();
    }
}
