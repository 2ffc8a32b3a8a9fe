package io.spectrawatch.spectral.descriptor;

import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.ProbeEvidence;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Returns spectral_entropy, effective_rank and participation_ratio of {@link #of} in intervals
     * that hold the truth with the confidence of what the probes say, 95 %, together; no wider than
     * the certain ones.
     *
     * <p>The participation ratio is F^2 over the sum of squares. The lower end of the entropy is
     * {@link EntropyFloor}'s, the upper end that of the flattest spectrum whose leading eigenvalues
     * sum to what the probes saw. Where evidence contradicts the certificate, which it does with 5
     * % at most, the certain interval is all that is left.
     */
    public static List<CertifiedValue> probable(Spectrum spectrum, ProbeEvidence evidence) {
        FeasibleSpectrum feasible = new FeasibleSpectrum(spectrum);
        Map<String, CertifiedValue> certain = new HashMap<>();
        of(spectrum).forEach(value -> certain.put(value.name(), value));
        CertifiedValue entropy = certain.get("spectral_entropy");
        CertifiedValue rank = certain.get("effective_rank");
        CertifiedValue ratio = certain.get("participation_ratio");
        if (feasible.isTrivial()) {
            return List.of(entropy, rank, ratio);
        }
        double least = feasible.leastEnergy();
        double squares = Math.min(evidence.squares() / (least * least), 1);
        double share = evidence.leadingEnergy() / feasible.mostEnergy();
        Simplex flat = feasible.waterFilled(evidence.leading(), share);
        double floor = EntropyFloor.of(feasible, squares);
        return List.of(
                narrowed(entropy, floor, flat.entropy()),
                narrowed(rank, Math.exp(floor), Math.exp(flat.entropy())),
                narrowed(ratio, 1 / squares, flat.participationRatio()));
    }

    private static CertifiedValue narrowed(CertifiedValue certain, double low, double high) {
        CertifiedValue probable =
                Intervals.around(certain.name(), low, certain.estimate(), Math.max(low, high));
        double lower = Math.max(certain.lower(), probable.lower());
        double upper = Math.min(certain.upper(), probable.upper());
        return low <= high && lower <= upper
                ? new CertifiedValue(
                        certain.name(),
                        lower,
                        Intervals.clamp(certain.estimate(), lower, upper),
                        upper)
                : certain;
    }

    /** Returns all descriptors with the parameters that suit the sketch's size. */
    public static List<CertifiedValue> all(Spectrum spectrum) {
        return all(spectrum, DescriptorOptions.forSize(spectrum.eigenvalues().length));
    }

    /**
     * Returns those of {@link #of} and, where the sketch supports them: tail energy,
     * rankme_singular (the paper's convention on singular values; effective_rank is the one on
     * eigenvalues), eigenspectrum_early_enrichment, utilisation, log_det_mean, gap ratios,
     * alpha_req, hill_alpha, gibbs_exponent with gibbs_ks_distance, and the Marchenko-Pastur edge,
     * outliers and outlier energy with their aspect ratio d/n. A fit whose interval would be
     * infinite is left out.
     */
    public static List<CertifiedValue> all(Spectrum spectrum, DescriptorOptions options) {
        FeasibleSpectrum feasible = new FeasibleSpectrum(spectrum);
        long d = spectrum.dimension();
        double possible = Math.max(feasible.possible(), 1);
        int top = (int) Math.min(options.top(), d);
        List<CertifiedValue> values = new ArrayList<>(of(spectrum));
        double flattest = Math.max(1 - top / possible, 0);
        values.add(
                between(
                        feasible,
                        "tail_" + top + "_energy_ratio",
                        p -> Math.max(1 - p.top(top), 0),
                        0,
                        flattest));
        values.add(rankMeSingular(feasible, possible));
        values.add(
                between(
                        feasible,
                        "eigenspectrum_early_enrichment",
                        p -> p.earlyEnrichment(d),
                        0,
                        1));
        values.add(utilisation(feasible, options.utilisationPercent(), d));
        if (spectrum.rows() > 0) {
            values.add(logDet(feasible, options.logDetFloor(), spectrum.rows(), d));
        }
        for (int i = 0; i < Math.min(options.gaps(), feasible.size() - 1); i++) {
            gap(feasible, i, values);
        }
        PowerLaw.add(feasible, options, values);
        MarchenkoPastur.add(spectrum, feasible, values);
        return List.copyOf(values);
    }

    /**
     * exp of the entropy of q_i = sigma_i / sum sigma, with 1e-7 added to each (Garrido et al.
     * 2023). The sum of roots is Schur-concave in lambda, which gives boxes for q; over these the
     * entropy is Schur-concave again.
     */
    private static CertifiedValue rankMeSingular(FeasibleSpectrum feasible, double possible) {
        // The added 1e-7 lifts the sum above 1, hence a little more than the number of values.
        double most = possible * (1 + 1e-4 * Math.sqrt(possible)) + 1;
        if (feasible.isTrivial()) {
            return new CertifiedValue("rankme_singular", 0, 0, most);
        }
        FeasibleSpectrum roots = feasible.ofRoots();
        double flat = Math.exp(roots.waterFilled().liftedEntropy());
        double peaked = Math.exp(roots.greedy().liftedEntropy());
        double estimate = Math.exp(feasible.waterFilled().roots().liftedEntropy());
        return Intervals.within(
                "rankme_singular",
                Math.min(flat, peaked),
                estimate,
                Math.max(flat, peaked),
                0,
                most);
    }

    /** Directions that hold a share of the energy, over d. */
    private static CertifiedValue utilisation(FeasibleSpectrum feasible, int percent, long d) {
        String name = "utilisation_" + percent;
        if (feasible.isTrivial()) {
            return new CertifiedValue(name, 0, 0, 1);
        }
        double share = percent / 100.0;
        // Rounding in the partial sums may move the count by one where a share is hit exactly.
        double low = feasible.greedy().needed(share * (1 - 1e-12), d) / (double) d;
        double high = feasible.waterFilled().needed(share * (1 + 1e-12), d) / (double) d;
        return new CertifiedValue(name, low, high, high);
    }

    /**
     * Mean ln(lambda_i / n + a) over all d eigenvalues of the covariance (EigenScore's window
     * form).
     */
    private static CertifiedValue logDet(
            FeasibleSpectrum feasible, double floor, long rows, long d) {
        double most = feasible.mostEnergy() / rows;
        if (feasible.isTrivial()) {
            return Intervals.around(
                    "log_det_mean", Math.log(floor), Math.log(floor), Math.log(floor + most));
        }
        double low = feasible.greedy().meanLog(feasible.leastEnergy() / rows, floor, d);
        double high = feasible.waterFilled().meanLog(most, floor, d);
        return Intervals.around("log_det_mean", low, high, high);
    }

    private static void gap(FeasibleSpectrum feasible, int i, List<CertifiedValue> values) {
        if (feasible.eigenvalueLower(i + 1) <= 0) {
            return;
        }
        Simplex point = feasible.waterFilled();
        double low = feasible.eigenvalueLower(i) / feasible.eigenvalueUpper(i + 1);
        double high = feasible.eigenvalueUpper(i) / feasible.eigenvalueLower(i + 1);
        double estimate = point.value(i) / point.value(i + 1);
        values.add(
                Intervals.within("gap_ratio_" + (i + 1), low, estimate, high, 1, Double.MAX_VALUE));
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
        double lower = Intervals.clamp(low - slack * (1 + Math.abs(low)), least, most);
        double upper = Intervals.clamp(high + slack * (1 + Math.abs(high)), least, most);
        return new CertifiedValue(name, lower, Intervals.clamp(flat, lower, upper), upper);
    }
}
