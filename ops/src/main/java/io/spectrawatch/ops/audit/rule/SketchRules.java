package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.IncompatibleSketchException;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Replay;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchFormatException;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * When the summary of a layer that other arithmetic gave says the same.
 *
 * <p>All bounds come from the recomputed ledger; the recorded one counts as far as the former
 * vouches for it. So no record can widen what it is held against.
 */
public final class SketchRules {

    /** What is compared number by number; a field that is not named here has to be equal. */
    private static final Pattern NUMBERS =
            Pattern.compile(
                    "ledger\\.(deltaPlus|deltaMinus|shed|energy|roundoff)|spectrum\\[\\d+]"
                            + "|descriptors(95)?\\[\\d+]\\.(lower|estimate|upper)|basis|sketchDigest");

    private final Entry entry;
    private final LayerSketch recorded;
    private final LayerSketch recomputed;

    private SketchRules(Entry recorded, Entry recomputed) {
        this.entry = recorded;
        this.recorded = (LayerSketch) recorded.decoded();
        this.recomputed = (LayerSketch) recomputed.decoded();
    }

    /**
     * Compares two summaries of a layer that are not the same bytes.
     *
     * @param wholes both sketches in their binary form, null where their chunks do not give them
     */
    public static ReplayFinding compare(
            Entry recorded, Entry recomputed, byte[][] wholes, Supplier<Kernels> kernels) {
        return new SketchRules(recorded, recomputed).compare(wholes, kernels);
    }

    private ReplayFinding compare(byte[][] wholes, Supplier<Kernels> kernels) {
        Difference fatal = RecordRules.fatal(recorded, recomputed, NUMBERS);
        if (fatal != null) {
            return ReplayFinding.diverged(entry, fatal);
        }
        ReplayFinding beyond = ledger();
        if (beyond != null) {
            return beyond;
        }
        if (recorded.getSketchChunks() == 0) {
            return described(spectra(), null);
        }
        if (wholes[0] == null || wholes[1] == null) {
            return ReplayFinding.of(
                    entry,
                    ReplayVerdict.DIVERGED,
                    "sketch",
                    "chunks without their digest",
                    "whole");
        }
        try (SecondMomentSketch x = Sketches.fromBytes(wholes[0], kernels.get());
                SecondMomentSketch y = Sketches.fromBytes(wholes[1], kernels.get())) {
            ReplayFinding moments = whole(x, y, kernels.get());
            ReplayFinding other = summary(x.centredSpectrum(recorded.getBasisVectors()));
            return described(other == null ? moments : other, x);
        } catch (SketchFormatException | IncompatibleSketchException e) {
            return ReplayFinding.of(entry, ReplayVerdict.DIVERGED, "sketch", e.getMessage(), "");
        }
    }

    /**
     * @param whole the recorded sketch, null where it was not published
     */
    private ReplayFinding described(ReplayFinding moments, SecondMomentSketch whole) {
        if (moments.verdict() == ReplayVerdict.DIVERGED) {
            return moments;
        }
        Difference descriptor = DescriptorBounds.fault(recorded, recomputed, whole);
        return descriptor == null ? directions(moments) : ReplayFinding.diverged(entry, descriptor);
    }

    /** Energy within both roundings, every bound what the recomputed one vouches for. */
    private ReplayFinding ledger() {
        SketchLedger a = recorded.getLedger();
        SketchLedger b = recomputed.getLedger();
        double rounding = b.getRoundoff();
        if (!Replay.vouched(a.getRoundoff(), rounding, 0)) {
            return unvouched("ledger.roundoff", a.getRoundoff(), rounding);
        }
        if (!Replay.vouched(a.getDeltaPlus(), b.getDeltaPlus(), rounding)) {
            return unvouched("ledger.deltaPlus", a.getDeltaPlus(), b.getDeltaPlus());
        }
        if (!Replay.vouched(a.getDeltaMinus(), b.getDeltaMinus(), rounding)) {
            return unvouched("ledger.deltaMinus", a.getDeltaMinus(), b.getDeltaMinus());
        }
        if (!Replay.vouched(a.getShed(), b.getShed(), rounding)) {
            return unvouched("ledger.shed", a.getShed(), b.getShed());
        }
        double allowed = a.getRoundoff() + rounding;
        double apart = Math.abs(a.getEnergy() - b.getEnergy());
        return apart <= allowed
                ? null
                : beyond("ledger.energy", a.getEnergy(), b.getEnergy(), apart, allowed);
    }

    private ReplayFinding unvouched(String field, double then, double now) {
        double allowed =
                then > now
                        ? (Replay.LEDGER_FACTOR - 1) * now
                        : (1 - 1 / Replay.LEDGER_FACTOR) * now;
        return beyond(field, then, now, Math.abs(then - now), allowed);
    }

    private ReplayFinding whole(SecondMomentSketch x, SecondMomentSketch y, Kernels kernels) {
        Replay.Comparison comparison = Replay.audit(x, y, kernels);
        double apart = Math.max(Math.abs(comparison.least()), Math.abs(comparison.most()));
        double allowed = Math.min(-comparison.allowedLeast(), comparison.allowedMost());
        if (comparison.verdict() == Replay.Verdict.DIVERGED) {
            return ReplayFinding.of(
                            entry,
                            ReplayVerdict.DIVERGED,
                            "sketch",
                            "",
                            String.join("; ", comparison.violations()))
                    .within(apart, allowed);
        }
        return ReplayFinding.of(entry, ReplayVerdict.EQUIVALENT).within(apart, allowed);
    }

    /**
     * Whether the recorded summary is that of its own sketch, eigenvalues and bounds to within the
     * rounding of finding them again.
     *
     * @return what does not hold, null where all does
     */
    private ReplayFinding summary(Spectrum own) {
        SketchLedger a = recorded.getLedger();
        Ledger b = own.ledger();
        double rounding = 2 * b.roundoff();
        double[][] bounds = {
            {a.getDeltaPlus(), b.deltaPlus()},
            {a.getDeltaMinus(), b.deltaMinus()},
            {a.getShed(), b.shed()},
            {a.getEnergy(), b.energy()}
        };
        List<String> names = List.of("deltaPlus", "deltaMinus", "shed", "energy");
        for (int i = 0; i < bounds.length; i++) {
            double apart = Math.abs(bounds[i][0] - bounds[i][1]);
            if (!(apart <= rounding)) {
                String field = "ledger." + names.get(i);
                return beyond(field, bounds[i][0], bounds[i][1], apart, rounding);
            }
        }
        double[] values = own.eigenvalues();
        for (int i = 0; i < recorded.getSpectrum().size(); i++) {
            double then = recorded.getSpectrum().get(i);
            double now = i < values.length ? values[i] : 0;
            if (!(Math.abs(then - now) <= rounding)) {
                return beyond("spectrum[" + i + "]", then, now, Math.abs(then - now), rounding);
            }
        }
        return null;
    }

    /** Weyl: eigenvalues of two symmetric matrices are no further apart than the matrices. */
    private ReplayFinding spectra() {
        List<Double> x = recorded.getSpectrum();
        List<Double> y = recomputed.getSpectrum();
        double allowed = moments();
        double apart = 0;
        for (int i = 0; i < x.size(); i++) {
            double gap = Math.abs(x.get(i) - y.get(i));
            boolean descends = i == 0 || x.get(i) <= x.get(i - 1);
            if (!(gap <= allowed && descends && x.get(i) >= 0)) {
                return beyond("spectrum[" + i + "]", x.get(i), y.get(i), gap, allowed);
            }
            apart = Math.max(apart, gap);
        }
        return ReplayFinding.of(entry, ReplayVerdict.EQUIVALENT).within(apart, allowed);
    }

    /** Most that B1'B1 and B2'B2 of the same rows are apart, in the norm of an eigenvalue. */
    private double moments() {
        SketchLedger a = recorded.getLedger();
        SketchLedger b = recomputed.getLedger();
        return Math.max(a.getDeltaPlus() + b.getDeltaMinus(), b.getDeltaPlus() + a.getDeltaMinus())
                + a.getRoundoff()
                + b.getRoundoff();
    }

    private ReplayFinding directions(ReplayFinding moments) {
        Directions directions = Directions.of(recorded, recomputed, moments());
        ReplayFinding found = directions == null ? moments : moments.with(directions);
        if (directions != null && !directions.hold()) {
            return found.diverged(
                    "basis",
                    "",
                    directions.vectors()
                            + " leading directions turned by a sine of "
                            + directions.apart());
        }
        String fault = Basis.fault(recorded, recomputed, moments());
        return fault == null ? found : found.diverged("basis", fault, "");
    }

    private ReplayFinding beyond(
            String field, double then, double now, double apart, double allowed) {
        return ReplayFinding.of(
                        entry,
                        ReplayVerdict.DIVERGED,
                        field,
                        Double.toString(then),
                        Double.toString(now))
                .within(apart, allowed);
    }
}
