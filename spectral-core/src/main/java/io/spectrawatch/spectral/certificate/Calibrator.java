package io.spectrawatch.spectral.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Turns reference moments into a baseline, or says why not. */
final class Calibrator {
    /** Movements are called beyond the reference above mean + 4 standard deviations at least. */
    private static final double DEVIATIONS = 4;

    /**
     * The range of a tolerated mean that is not configured. Drift: a mean squared share of the
     * margins of 3 % to 14 %. Spectrum: with h = e^2 / 8 for eigenvalues that all move by a share
     * e, the same 3 % to 13 %.
     */
    private static final double LEAST_DRIFT = 0.001;

    private static final double MOST_DRIFT = 0.02;
    private static final double LEAST_SPECTRUM = 0.0001;
    private static final double MOST_SPECTRUM = 0.002;

    /** A squared relative movement of 1e-4 (one percent in norm) is never called movement. */
    private static final double FLOOR = 1e-4;

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
        return Calibration.of(measured(draft));
    }

    private boolean enough(CertifiedElements certified) {
        return certified.count() >= options.minimumCertified() * certified.size();
    }

    /** What a size of pools gives: the options with the tolerated means to use, and the pooling. */
    private record Measured(CertificateOptions options, Pooling pooling) {}

    /** Tolerated means for tests that are never fed. */
    private CertificateOptions unmeasured() {
        return options.withTolerances(
                options.driftTolerance() > 0 ? options.driftTolerance() : MOST_DRIFT,
                options.spectrumTolerance() > 0 ? options.spectrumTolerance() : MOST_SPECTRUM);
    }

    /** Measures the null means at growing pools, and the movements without change. */
    private InterfaceBaseline measured(InterfaceBaseline draft) {
        List<InterfaceMoments> pooled = List.of();
        Measured measured = null;
        for (long rows = draft.pooling().rows(); rows <= options.mostPoolRows(); rows *= 2) {
            List<InterfaceMoments> windows = Pooling.pool(heldBack, rows);
            if (windows.size() < Pooling.FEWEST_WINDOWS) {
                String last =
                        measured == null ? "" : "; before that: " + measured.pooling().refusal();
                String reason =
                        "held-back rows make "
                                + windows.size()
                                + " pooled panes of "
                                + rows
                                + " rows, at least "
                                + Pooling.FEWEST_WINDOWS
                                + " are needed"
                                + last;
                measured =
                        measured == null
                                ? new Measured(
                                        unmeasured(),
                                        Pooling.refused(rows, 0, windows.size(), reason))
                                : new Measured(
                                        measured.options(), measured.pooling().withRefusal(reason));
                break;
            }
            pooled = windows;
            measured = measured(draft, windows, rows);
            if (measured.pooling().accepted()) {
                break;
            }
        }
        return draft.with(measured.options(), measured.pooling(), levels(draft, pooled));
    }

    private Measured measured(InterfaceBaseline draft, List<InterfaceMoments> windows, long rows) {
        double[] drift = new double[windows.size()];
        double[] spectrum = new double[windows.size()];
        for (int i = 0; i < drift.length; i++) {
            Transport first = windows.get(i).transport(Part.FIRST);
            Transport second = windows.get(i).transport(Part.SECOND);
            drift[i] = DriftScores.consumption(draft, first, second);
            spectrum[i] = DriftScores.spectrum(draft, first, second);
        }
        NullMean driftMean = NullMean.of(drift);
        NullMean spectrumMean = NullMean.of(spectrum);
        double tolerance = driftMean.tolerance(options.driftTolerance(), LEAST_DRIFT, MOST_DRIFT);
        double spectrumTolerance =
                spectrumMean.tolerance(options.spectrumTolerance(), LEAST_SPECTRUM, MOST_SPECTRUM);
        return new Measured(
                options.withTolerances(tolerance, spectrumTolerance),
                new Pooling(
                        rows,
                        driftMean.mean(),
                        drift.length,
                        driftMean.refusal(tolerance, rows),
                        spectrumMean.mean(),
                        spectrumMean.refusal(spectrumTolerance, rows)));
    }

    private static Movement levels(InterfaceBaseline draft, List<InterfaceMoments> windows) {
        List<Movement> movements = new ArrayList<>();
        for (InterfaceMoments window : windows) {
            movements.add(
                    Movement.between(
                            draft, window.transport(Part.FIRST), window.transport(Part.SECOND)));
        }
        return new Movement(
                level(movements, Movement::transport),
                level(movements, m -> m.mapKnown() ? m.map() : 0),
                level(movements, Movement::input),
                level(movements, Movement::output));
    }

    private static double level(List<Movement> movements, ToDoubleFunction<Movement> value) {
        double[] values = movements.stream().mapToDouble(value).toArray();
        double mean = mean(values);
        double squares = 0;
        double largest = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
            largest = Math.max(largest, v);
        }
        double deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
        return Math.max(largest, mean + DEVIATIONS * deviation) + FLOOR;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }
}
