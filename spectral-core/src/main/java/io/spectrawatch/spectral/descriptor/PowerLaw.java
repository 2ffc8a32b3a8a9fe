package io.spectrawatch.spectral.descriptor;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Exponents of lambda_i ~ i^(-a) over a fixed range of ranks, from boxes around the eigenvalues.
 */
final class PowerLaw {
    private static final double LEAST_EXPONENT = -5;
    private static final double MOST_EXPONENT = 50;
    private static final int BISECTIONS = 80;

    private PowerLaw() {}

    /** Adds alpha-ReQ, Hill and Gibbs-Cartan fits where the range lies inside the sketch. */
    static void add(
            FeasibleSpectrum feasible, DescriptorOptions options, List<CertifiedValue> values) {
        int first = options.fitFirst();
        int last = Math.min(options.fitLast(), feasible.size());
        if (feasible.isTrivial()) {
            return;
        }
        if (last - first >= 2 && feasible.eigenvalueLower(last - 1) > 0) {
            values.add(alphaReq(feasible, first, last));
        }
        int k = Math.min(options.hillTop(), feasible.size() - 1);
        if (k >= 1 && feasible.eigenvalueLower(k) > 0) {
            hill(feasible, k, values);
        }
        if (last >= 3) {
            gibbs(feasible, last, values);
        }
    }

    /**
     * Minus the slope of ln lambda_i on ln i with weights 1/i (Agrawal et al. 2022): linear in
     * every ln lambda_i, so each box enters at the end that its coefficient asks for.
     */
    private static CertifiedValue alphaReq(FeasibleSpectrum feasible, int first, int last) {
        double weight = 0;
        double mean = 0;
        for (int i = first; i <= last; i++) {
            weight += 1.0 / i;
            mean += Math.log(i) / i;
        }
        mean /= weight;
        double square = 0;
        for (int i = first; i <= last; i++) {
            square += (Math.log(i) - mean) * (Math.log(i) - mean) / i;
        }
        double lower = 0;
        double upper = 0;
        double estimate = 0;
        Simplex point = feasible.waterFilled();
        for (int i = first; i <= last; i++) {
            double c = -(Math.log(i) - mean) / i / square;
            double a = c * Math.log(feasible.eigenvalueLower(i - 1));
            double b = c * Math.log(feasible.eigenvalueUpper(i - 1));
            lower += Math.min(a, b);
            upper += Math.max(a, b);
            estimate += c * Math.log(point.value(i - 1));
        }
        return Intervals.around("alpha_req_" + first + "_" + last, lower, estimate, upper);
    }

    /** 1 + k / sum ln(lambda_i / lambda_(k+1)) (Hill 1975); left out if the sum may vanish. */
    private static void hill(FeasibleSpectrum feasible, int k, List<CertifiedValue> values) {
        double least = -k * Math.log(feasible.eigenvalueUpper(k));
        double most = -k * Math.log(feasible.eigenvalueLower(k));
        Simplex point = feasible.waterFilled();
        double estimate = -k * Math.log(point.value(k));
        for (int i = 0; i < k; i++) {
            least += Math.log(feasible.eigenvalueLower(i));
            most += Math.log(feasible.eigenvalueUpper(i));
            estimate += Math.log(point.value(i));
        }
        if (least > 0) {
            values.add(
                    Intervals.around(
                            "hill_alpha_" + k, 1 + k / most, 1 + k / estimate, 1 + k / least));
        }
    }

    /**
     * The Gibbs family p_a(i) = i^(-a) / H on ranks 1..K: the exponent that matches the mean of ln
     * i, and the Kolmogorov-Smirnov distance of the renormalised spectrum to the fit.
     */
    private static void gibbs(FeasibleSpectrum feasible, int k, List<CertifiedValue> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        // The mean of ln i over a box is extremal where the first ranks take one end and the rest
        // the other.
        for (int t = 0; t <= k; t++) {
            int split = t;
            high =
                    Math.max(
                            high,
                            meanLog(
                                    k,
                                    i ->
                                            i < split
                                                    ? feasible.eigenvalueLower(i)
                                                    : feasible.eigenvalueUpper(i)));
            low =
                    Math.min(
                            low,
                            meanLog(
                                    k,
                                    i ->
                                            i < split
                                                    ? feasible.eigenvalueUpper(i)
                                                    : feasible.eigenvalueLower(i)));
        }
        Simplex point = feasible.waterFilled();
        double fitted = exponent(k, meanLog(k, point::value));
        double least = exponent(k, high);
        double most = exponent(k, low);
        String range = "_1_" + k;
        values.add(Intervals.around("gibbs_exponent" + range, least, fitted, most));
        values.add(distance(feasible, k, least, fitted, most, "gibbs_ks_distance" + range));
    }

    private static double meanLog(int k, IntToDoubleFunction eigenvalue) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < k; i++) {
            double value = eigenvalue.applyAsDouble(i);
            sum += value * Math.log(i + 1);
            total += value;
        }
        return total > 0 ? sum / total : 0;
    }

    /** Solves E_a[ln i] = mean; the left side falls strictly with a. */
    private static double exponent(int k, double mean) {
        double low = LEAST_EXPONENT;
        double high = MOST_EXPONENT;
        for (int step = 0; step < BISECTIONS; step++) {
            double a = (low + high) / 2;
            if (meanLog(k, i -> Math.pow(i + 1, -a)) > mean) {
                low = a;
            } else {
                high = a;
            }
        }
        return (low + high) / 2;
    }

    private static CertifiedValue distance(
            FeasibleSpectrum feasible,
            int k,
            double least,
            double fitted,
            double most,
            String name) {
        double[] flat = cumulative(k, i -> Math.pow(i + 1, -least));
        double[] middle = cumulative(k, i -> Math.pow(i + 1, -fitted));
        double[] steep = cumulative(k, i -> Math.pow(i + 1, -most));
        double[] own = cumulative(k, feasible.waterFilled()::value);
        double lower = 0;
        double estimate = 0;
        double upper = 0;
        for (int j = 0; j < k; j++) {
            int split = j;
            double headLow = share(k, split, feasible::eigenvalueLower, feasible::eigenvalueUpper);
            double headHigh = share(k, split, feasible::eigenvalueUpper, feasible::eigenvalueLower);
            lower = Math.max(lower, Math.max(headLow - steep[j], flat[j] - headHigh));
            upper = Math.max(upper, Math.max(headHigh - flat[j], steep[j] - headLow));
            estimate = Math.max(estimate, Math.abs(own[j] - middle[j]));
        }
        return Intervals.around(name, Math.max(lower, 0), estimate, Math.min(upper, 1));
    }

    /**
     * Share of ranks 0..j among 0..k-1, the head taken from one function and the rest from another.
     */
    private static double share(int k, int j, IntToDoubleFunction head, IntToDoubleFunction rest) {
        double front = 0;
        double back = 0;
        for (int i = 0; i < k; i++) {
            if (i <= j) {
                front += head.applyAsDouble(i);
            } else {
                back += rest.applyAsDouble(i);
            }
        }
        return front + back > 0 ? front / (front + back) : 0;
    }

    private static double[] cumulative(int k, IntToDoubleFunction value) {
        double[] sums = new double[k];
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += value.applyAsDouble(i);
            sums[i] = sum;
        }
        for (int i = 0; i < k; i++) {
            sums[i] = sum > 0 ? sums[i] / sum : 0;
        }
        return sums;
    }
}
