package io.spectrawatch.ops.audit;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.spectral.detect.ClientPairs;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Replay;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * When records that are not the same bytes are still the same statement.
 *
 * <p>The input has to be equal to the last byte, by the chains in the manifests; what the
 * arithmetic gave may differ by no more than both records allow for themselves.
 */
final class RecordRules {

    /** Summation order of at most 2^31 terms, in units of the largest. */
    private static final double RELATIVE_ROUNDING = 1e-9;

    /**
     * Statistics of a sample are sums over distances of its rows in single precision, of which
     * other arithmetic loses some digits; relative above 1, else absolute.
     */
    private static final double SCORE_ROUNDING = 1e-6;

    /** Images this close to the boundary of a profile may fall on either side of it. */
    private static final double GROWTH_COUNTS = 1e-3;

    /** How far the logarithms of a grown profile depend on which points were kept. */
    private static final double GROWTH_LOGARITHMS = 0.05;

    /** What names the arithmetic; other processors and libraries give other low bits. */
    private static final List<String> ARITHMETIC =
            List.of(
                    "manifest.numerics.provider",
                    "manifest.numerics.library",
                    "manifest.numerics.libraryVersion",
                    "manifest.numerics.coreName",
                    "manifest.numerics.device",
                    "manifest.numerics.threads",
                    "manifest.numerics.javaVersion");

    private static final List<String> SKETCH_NUMBERS =
            List.of("ledger", "spectrum", "descriptors", "basis", "sketchDigest");

    /** Hashes and texts made of numbers that are compared themselves. */
    private static final List<String> CERTIFICATE_DIGESTS =
            List.of("stateBefore", "stateAfter", "alertState", "reason");

    private static final List<String> ALERT_NUMBERS = List.of("statistic", "text", "evidence");

    private RecordRules() {}

    /**
     * Compares two summaries of a layer.
     *
     * @param wholes both sketches in their binary form, null where they were not published
     */
    static Finding sketches(
            Entry recorded, Entry recomputed, byte[][] wholes, Supplier<Kernels> kernels) {
        LayerSketch a = (LayerSketch) recorded.decoded();
        LayerSketch b = (LayerSketch) recomputed.decoded();
        List<Difference> differences = Difference.between(a, b);
        // The same sketch by the same arithmetic has one summary.
        boolean determined =
                a.getSketchDigest().equals(b.getSketchDigest())
                        && differences.stream().noneMatch(d -> isUnder(d, ARITHMETIC));
        Difference fatal =
                first(
                        differences,
                        d -> determined || !isUnder(d, ARITHMETIC) && !isUnder(d, SKETCH_NUMBERS));
        if (fatal == null) {
            fatal = disjoint(a, b);
        }
        if (fatal != null) {
            return Finding.diverged(recorded, fatal);
        }
        double energyGap = Math.abs(a.getLedger().getEnergy() - b.getLedger().getEnergy());
        double rounding =
                a.getLedger().getRoundoff()
                        + b.getLedger().getRoundoff()
                        + RELATIVE_ROUNDING * a.getLedger().getEnergy();
        if (!(energyGap <= rounding)) {
            return beyond(
                    recorded,
                    "ledger.energy",
                    a.getLedger().getEnergy(),
                    b.getLedger().getEnergy(),
                    energyGap,
                    rounding);
        }
        Finding moments =
                wholes == null
                        ? spectra(recorded, a, b)
                        : wholeSketches(recorded, wholes, kernels.get());
        return moments.verdict() == Verdict.DIVERGED ? moments : directions(moments, a, b);
    }

    private static Finding directions(Finding moments, LayerSketch a, LayerSketch b) {
        Directions directions = Directions.of(a, b, error(a.getLedger()) + error(b.getLedger()));
        if (directions == null || directions.hold()) {
            return moments.with(directions);
        }
        return moments.diverged(
                        "basis",
                        "",
                        directions.vectors()
                                + " leading directions turned by a sine of "
                                + directions.apart())
                .with(directions);
    }

    /** Certified intervals of one value have that value in common. */
    private static Difference disjoint(LayerSketch a, LayerSketch b) {
        for (int i = 0; i < Math.min(a.getDescriptors().size(), b.getDescriptors().size()); i++) {
            Interval x = a.getDescriptors().get(i);
            Interval y = b.getDescriptors().get(i);
            boolean meet = x.getLower() <= y.getUpper() && y.getLower() <= x.getUpper();
            if (!x.getName().equals(y.getName()) || !meet) {
                return new Difference(
                        "descriptors[" + i + "]", x.toString(), y.toString(), Double.NaN);
            }
        }
        return null;
    }

    private static Finding wholeSketches(Entry recorded, byte[][] wholes, Kernels kernels) {
        try (SecondMomentSketch x = Sketches.fromBytes(wholes[0], kernels);
                SecondMomentSketch y = Sketches.fromBytes(wholes[1], kernels)) {
            Replay.Comparison comparison = Replay.compare(x, y, kernels);
            double apart = Math.max(Math.abs(comparison.least()), Math.abs(comparison.most()));
            double allowed = Math.min(-comparison.allowedLeast(), comparison.allowedMost());
            if (comparison.verdict() == Replay.Verdict.DIVERGED) {
                return Finding.of(
                                recorded,
                                Verdict.DIVERGED,
                                "sketch",
                                "",
                                String.join("; ", comparison.violations()))
                        .within(apart, allowed);
            }
            return Finding.of(recorded, Verdict.EQUIVALENT).within(apart, allowed);
        }
    }

    /** Weyl: eigenvalues of two symmetric matrices are no further apart than the matrices. */
    private static Finding spectra(Entry recorded, LayerSketch a, LayerSketch b) {
        double allowed = error(a.getLedger()) + error(b.getLedger());
        double apart = 0;
        int length = a.getSpectrum().size();
        if (length != b.getSpectrum().size()) {
            return Finding.of(
                    recorded,
                    Verdict.DIVERGED,
                    "spectrum.size",
                    Integer.toString(length),
                    Integer.toString(b.getSpectrum().size()));
        }
        for (int i = 0; i < length; i++) {
            double gap = Math.abs(a.getSpectrum().get(i) - b.getSpectrum().get(i));
            if (!(gap <= allowed)) {
                return beyond(
                        recorded,
                        "spectrum[" + i + "]",
                        a.getSpectrum().get(i),
                        b.getSpectrum().get(i),
                        gap,
                        allowed);
            }
            apart = Math.max(apart, gap);
        }
        return Finding.of(recorded, Verdict.EQUIVALENT).within(apart, allowed);
    }

    private static double error(SketchLedger ledger) {
        return Math.max(ledger.getDeltaPlus(), ledger.getDeltaMinus()) + ledger.getRoundoff();
    }

    /** Numbers may differ by both error budgets, in units of the number where it is above 1. */
    static Finding certificates(Entry recorded, Entry recomputed) {
        InterfaceCertificate a = (InterfaceCertificate) recorded.decoded();
        InterfaceCertificate b = (InterfaceCertificate) recomputed.decoded();
        Difference input = inputDifference(recorded, recomputed);
        if (input != null) {
            return Finding.diverged(recorded, input);
        }
        double budget = budget(a.getFindings()) + budget(b.getFindings());
        double apart = 0;
        for (Difference each : Difference.between(a, b)) {
            if (isUnder(each, ARITHMETIC) || isUnder(each, CERTIFICATE_DIGESTS)) {
                continue;
            }
            if (!each.numeric()) {
                return Finding.diverged(recorded, each);
            }
            double size = Math.max(1, Math.abs(number(each)));
            if (!(each.distance() <= budget * size)) {
                return Finding.diverged(recorded, each).within(each.distance(), budget * size);
            }
            apart = Math.max(apart, each.distance() / size);
        }
        return Finding.of(recorded, Verdict.EQUIVALENT).within(apart, budget);
    }

    private static double budget(CertificateFindings findings) {
        return findings == null ? 0 : findings.getEpsilon().getTotal();
    }

    /** The decision has to be the same; its statistic is reported. */
    static Finding alerts(Entry recorded, Entry recomputed) {
        Alert a = (Alert) recorded.decoded();
        Alert b = (Alert) recomputed.decoded();
        Difference fatal =
                first(
                        Difference.between(a, b),
                        d -> !isUnder(d, ARITHMETIC) && !isUnder(d, ALERT_NUMBERS));
        if (fatal != null) {
            return Finding.diverged(recorded, fatal);
        }
        Finding same = Finding.of(recorded, Verdict.EQUIVALENT);
        return a.getStatistic() == null || b.getStatistic() == null
                ? same
                : same.within(
                        Math.abs(a.getStatistic().getEstimate() - b.getStatistic().getEstimate()),
                        Double.NaN);
    }

    /** The same call of the same sample; numbers may differ as other arithmetic rounds. */
    static Finding scores(Entry recorded, Entry recomputed) {
        SampleScores a = (SampleScores) recorded.decoded();
        SampleScores b = (SampleScores) recomputed.decoded();
        for (Difference each : Difference.between(a, b)) {
            if (!each.numeric()) {
                return Finding.diverged(recorded, each);
            }
            double allowed = allowed(a, each);
            if (!(each.distance() <= allowed)) {
                return Finding.diverged(recorded, each).within(each.distance(), allowed);
            }
        }
        return Finding.of(recorded, Verdict.EQUIVALENT)
                .within(
                        Math.abs(a.getStatistic() - b.getStatistic()),
                        SCORE_ROUNDING * Math.max(1, Math.abs(a.getStatistic())));
    }

    /** One rank where the number is a rank. */
    private static double allowed(SampleScores scores, Difference difference) {
        if (difference.field().equals("p")) {
            return scores.getResolution();
        }
        boolean ofPair =
                difference.field().equals("scores." + ClientPairs.GAIN)
                        || difference.field().equals("scores." + ClientPairs.LIFT);
        return ofPair && scores.getPairResolution() != null
                ? scores.getPairResolution()
                : SCORE_ROUNDING * Math.max(1, Math.abs(number(difference)));
    }

    /** The same rows; what other arithmetic puts on the other side of the boundary may differ. */
    static Finding growth(Entry recorded, Entry recomputed) {
        GainGrowth a = (GainGrowth) recorded.decoded();
        GainGrowth b = (GainGrowth) recomputed.decoded();
        double counts = Math.max(1, GROWTH_COUNTS * a.getRows());
        Difference fatal =
                first(
                        Difference.between(a, b),
                        each ->
                                !switch (each.field()) {
                                    case "outside" ->
                                            Math.abs(a.getOutside() - b.getOutside()) <= counts;
                                    case "violations" ->
                                            Math.abs(a.getViolations() - b.getViolations())
                                                    <= counts;
                                    case "logVolume", "largestLogAxis" ->
                                            each.distance() <= GROWTH_LOGARITHMS;
                                    case "angle" -> true;
                                    default -> false;
                                });
        if (fatal != null) {
            return Finding.diverged(recorded, fatal);
        }
        return Finding.of(recorded, Verdict.EQUIVALENT)
                .within(Math.abs(a.getLogVolume() - b.getLogVolume()), GROWTH_LOGARITHMS);
    }

    private static double number(Difference difference) {
        return Double.parseDouble(difference.recorded());
    }

    /** Counts and what follows from them: they are equal or they are not. */
    static Finding exact(Entry recorded, Entry recomputed) {
        Difference fatal =
                first(
                        Difference.between(recorded.decoded(), recomputed.decoded()),
                        difference -> true);
        return Finding.diverged(
                recorded,
                fatal == null
                        ? new Difference("encoding", "other bytes", "the same content", Double.NaN)
                        : fatal);
    }

    /** Whether two records of panes were made of the same input. */
    static Difference inputDifference(Entry recorded, Entry recomputed) {
        return first(
                Difference.between(recorded.decoded(), recomputed.decoded()),
                difference -> difference.under("manifest.shards"));
    }

    private static Finding beyond(
            Entry entry, String field, double a, double b, double apart, double allowed) {
        return Finding.of(entry, Verdict.DIVERGED, field, Double.toString(a), Double.toString(b))
                .within(apart, allowed);
    }

    private static Difference first(List<Difference> all, Predicate<Difference> rule) {
        return all.stream().filter(rule).findFirst().orElse(null);
    }

    private static boolean isUnder(Difference difference, List<String> fields) {
        return fields.stream().anyMatch(difference::under);
    }
}
