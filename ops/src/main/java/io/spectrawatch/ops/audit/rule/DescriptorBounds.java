package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Whether recorded descriptors are what their record's own spectrum and ledger give, and where the
 * record lists too few eigenvalues for that, whether they can be near the recomputed ones.
 *
 * <p>In the latter case every normalised spectrum p that either ledger allows is within a total
 * variation T of every other: one by one eigenvalues are apart by at most both ledgers' widths
 * (Weyl), over at most min(d, n) of them, and the energies by both roundings. Then top-k shares
 * move by at most T, 1/p_1 by T / (p_1 q_1), 1/sum p^2 by 4 T / (S S' sqrt(PR)), the entropy by T
 * ln(N - 1) + h(T), and its exponential by a factor of the exponential of that.
 *
 * @see <a href="https://doi.org/10.1088/1751-8113/40/28/S18">Audenaert, A sharp Fannes-type
 *     inequality for the von Neumann entropy, 2007</a>
 */
final class DescriptorBounds {

    /** Some thousand operations' rounding in evaluating a descriptor once more. */
    private static final double EVALUATION = 1e-9;

    /**
     * What the same rows give on other kernels, relative: roundings of some thousand steps move the
     * losses and the probes' images, and the search of the entropy's least value, far less.
     */
    private static final double REPEATED = 1e-6;

    /** Beyond it the bounds say so little that a record is not accepted on them. */
    private static final double MOST_VARIATION = 1e-3;

    private DescriptorBounds() {}

    /**
     * Compares the descriptors of two summaries whose names agree.
     *
     * @param whole the recorded sketch, null where it is not known
     * @return the first that does not hold, null where all does
     */
    static Difference fault(
            LayerSketch recorded, LayerSketch recomputed, SecondMomentSketch whole) {
        Map<String, CertifiedValue> own;
        Map<String, CertifiedValue> probable = Map.of();
        if (whole != null) {
            Spectrum spectrum = whole.centredSpectrum(0);
            own = byName(Descriptors.of(spectrum));
            probable =
                    whole.probeEvidence()
                            .map(evidence -> byName(Descriptors.probable(spectrum, evidence)))
                            .orElse(Map.of());
        } else {
            double[] known = listed(recorded);
            own =
                    known == null
                            ? Map.of("energy", energy(recorded.getLedger()))
                            : evaluate(recorded, known);
        }
        double apart = variation(recorded, recomputed);
        Difference certain =
                fault(
                        "descriptors",
                        recorded.getDescriptors(),
                        recomputed.getDescriptors(),
                        own,
                        EVALUATION,
                        whole == null,
                        (x, y) -> near(x, y, apart, columns(recomputed)));
        return certain != null
                ? certain
                : fault(
                        "descriptors95",
                        recorded.getDescriptors95(),
                        recomputed.getDescriptors95(),
                        probable,
                        REPEATED,
                        false,
                        DescriptorBounds::repeated);
    }

    /**
     * @param own what the record's own numbers give, of those descriptors where they are known
     * @param unlisted whether own knows nothing of the losses by rank
     */
    private static Difference fault(
            String list,
            List<Interval> a,
            List<Interval> b,
            Map<String, CertifiedValue> own,
            double tolerance,
            boolean unlisted,
            BiPredicate<Interval, Interval> near) {
        if (a.size() != b.size()) {
            return new Difference(list + ".size", "" + a.size(), "" + b.size(), Double.NaN);
        }
        for (int i = 0; i < a.size(); i++) {
            Interval x = a.get(i);
            Interval y = b.get(i);
            CertifiedValue expected = own.get(x.getName());
            boolean ordered = x.getLower() <= x.getEstimate() && x.getEstimate() <= x.getUpper();
            boolean holds =
                    ordered
                            && (expected != null
                                    ? equal(x, expected, tolerance)
                                            || unlisted && inside(x, expected) && repeated(x, y)
                                    : repeated(x, y) || near.test(x, y));
            if (!holds) {
                String then = expected == null ? y.toString() : expected.toString();
                return new Difference(list + "[" + i + "]", x.toString(), then, Double.NaN);
            }
        }
        return null;
    }

    /**
     * A record lists its delta but not its losses by rank, which may have narrowed its intervals:
     * then they lie within those of the delta, and are what the replay gives.
     */
    private static boolean inside(Interval x, CertifiedValue wide) {
        return wide.lower() <= x.getLower() + EVALUATION * Math.max(1, Math.abs(wide.lower()))
                && x.getUpper() <= wide.upper() + EVALUATION * Math.max(1, Math.abs(wide.upper()));
    }

    private static Map<String, CertifiedValue> byName(List<CertifiedValue> values) {
        Map<String, CertifiedValue> map = new HashMap<>();
        values.forEach(value -> map.put(value.name(), value));
        return map;
    }

    /**
     * Both as good as the same, whatever the ledgers leave open: nothing is gained by so little.
     */
    private static boolean repeated(Interval x, Interval y) {
        return x.getName().equals(y.getName())
                && equal(x.getLower(), y.getLower(), REPEATED)
                && equal(x.getEstimate(), y.getEstimate(), REPEATED)
                && equal(x.getUpper(), y.getUpper(), REPEATED);
    }

    /** The eigenvalues of the record where they are all that hold energy, else null. */
    private static double[] listed(LayerSketch sketch) {
        SketchLedger ledger = sketch.getLedger();
        double[] values = sketch.getSpectrum().stream().mapToDouble(Double::doubleValue).toArray();
        double held = 0;
        for (double value : values) {
            held += value;
        }
        double missing = Math.abs(ledger.getEnergy() - ledger.getShed() - held);
        boolean all =
                missing <= 2 * ledger.getRoundoff()
                        && values.length <= sketch.getColumns()
                        && missing <= EVALUATION * ledger.getEnergy();
        return all ? values : null;
    }

    private static Map<String, CertifiedValue> evaluate(LayerSketch sketch, double[] spectrum) {
        SketchLedger l = sketch.getLedger();
        Ledger ledger =
                new Ledger(
                        l.getDeltaPlus(),
                        l.getDeltaMinus(),
                        l.getShed(),
                        l.getEnergy(),
                        l.getRoundoff());
        Spectrum own =
                new Spectrum(
                        sketch.getColumns(), sketch.getRows(), spectrum, new double[0], ledger);
        return byName(Descriptors.of(own));
    }

    private static CertifiedValue energy(SketchLedger ledger) {
        double energy = ledger.getEnergy();
        double roundoff = ledger.getRoundoff();
        return new CertifiedValue(
                "energy", Math.max(energy - roundoff, 0), energy, energy + roundoff);
    }

    private static boolean equal(Interval x, CertifiedValue y, double tolerance) {
        return equal(x.getLower(), y.lower(), tolerance)
                && equal(x.getEstimate(), y.estimate(), tolerance)
                && equal(x.getUpper(), y.upper(), tolerance);
    }

    private static boolean equal(double x, double y, double tolerance) {
        return Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
    }

    private static double columns(LayerSketch sketch) {
        return Math.min(sketch.getColumns(), Math.max(sketch.getRows(), 1));
    }

    /** T, or what says nothing where the ledgers leave too much open. */
    private static double variation(LayerSketch a, LayerSketch b) {
        double widths = width(a.getLedger()) + width(b.getLedger());
        double roundoff = a.getLedger().getRoundoff() + b.getLedger().getRoundoff();
        double energy = b.getLedger().getEnergy() - 2 * roundoff;
        double all = (columns(b) * widths + 2 * roundoff) / energy;
        return energy > 0 && all <= MOST_VARIATION ? all : Double.NaN;
    }

    private static double width(SketchLedger ledger) {
        return ledger.getDeltaPlus() + ledger.getDeltaMinus() + 2 * ledger.getRoundoff();
    }

    private static boolean near(Interval x, Interval y, double apart, double count) {
        return near(x.getName(), x.getLower(), y.getLower(), apart, count)
                && near(x.getName(), x.getEstimate(), y.getEstimate(), apart, count)
                && near(x.getName(), x.getUpper(), y.getUpper(), apart, count);
    }

    private static boolean near(String name, double x, double y, double apart, double count) {
        double entropy =
                apart * Math.log(Math.max(count - 1, 1))
                        - apart * Math.log(apart)
                        - (1 - apart) * Math.log1p(-apart);
        double allowed =
                switch (name) {
                    case "top_8_energy_ratio" -> apart;
                    case "spectral_entropy" -> entropy;
                    case "effective_rank" -> y * Math.expm1(entropy);
                    case "participation_ratio" ->
                            4 * apart * x * y / Math.sqrt(Math.max(Math.min(x, y), 1));
                    case "stable_rank" -> apart * x * y;
                    default -> Double.NaN;
                };
        return Math.abs(x - y) <= allowed + EVALUATION * Math.abs(y);
    }
}
