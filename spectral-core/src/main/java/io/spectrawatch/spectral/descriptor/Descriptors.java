package io.spectrawatch.spectral.descriptor;

import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Spectral descriptors of a layer as certified intervals.
 *
 * <p>Every number is a function of the true eigenvalues of the rows' centred second moment; the
 * interval holds for all spectra that the sketch's ledger allows, rounding included. The estimate
 * is taken at the water-filled spectrum, never at the raw s_i^2, which shrinkage has biased.
 */
public final class Descriptors {
    /** The k of the top-k energy ratio. */
    private static final int TOP = 8;

    private Descriptors() {}

    /**
     * Returns energy, top_8_energy_ratio, spectral_entropy (nats), effective_rank (its
     * exponential), participation_ratio and stable_rank.
     */
    public static List<CertifiedValue> of(Spectrum spectrum) {
        FeasibleSpectrum feasible = new FeasibleSpectrum(spectrum);
        double possible = Math.max(feasible.possible(), 1);
        List<CertifiedValue> values = new ArrayList<>();
        values.add(energy(spectrum.ledger()));
        values.add(
                between(
                        feasible,
                        "top_" + TOP + "_energy_ratio",
                        p -> p.top(TOP),
                        Math.min(TOP / possible, 1),
                        1));
        CertifiedValue entropy =
                between(feasible, "spectral_entropy", Simplex::entropy, 0, Math.log(possible));
        values.add(entropy);
        values.add(between(feasible, "effective_rank", p -> Math.exp(p.entropy()), 1, possible));
        values.add(
                between(feasible, "participation_ratio", Simplex::participationRatio, 1, possible));
        values.add(between(feasible, "stable_rank", Simplex::stableRank, 1, possible));
        return List.copyOf(values);
    }

    private static CertifiedValue energy(Ledger ledger) {
        double lower = Math.max(ledger.energy() - ledger.roundoff(), 0);
        return new CertifiedValue(
                "energy", lower, ledger.energy(), ledger.energy() + ledger.roundoff());
    }

    /**
     * Evaluates a Schur-monotone function at the two extremal spectra, within its range by
     * definition.
     */
    private static CertifiedValue between(
            FeasibleSpectrum feasible,
            String name,
            ToDoubleFunction<Simplex> function,
            double least,
            double most) {
        if (feasible.isTrivial()) {
            return new CertifiedValue(name, least, least, most);
        }
        double flat = function.applyAsDouble(feasible.waterFilled());
        double peaked = function.applyAsDouble(feasible.greedy());
        // Rounding in summing the function itself.
        double slack = (feasible.possible() + 64) * 0x1p-52;
        double low = Math.min(flat, peaked);
        double high = Math.max(flat, peaked);
        double lower = clamp(low - slack * (1 + Math.abs(low)), least, most);
        double upper = clamp(high + slack * (1 + Math.abs(high)), least, most);
        return new CertifiedValue(name, lower, clamp(flat, lower, upper), upper);
    }

    private static double clamp(double value, double least, double most) {
        return Math.min(Math.max(value, least), most);
    }
}
