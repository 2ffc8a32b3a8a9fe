package io.spectrawatch.spectral.certificate.findings;

/**
 * The power-law family on d ranks, p_a(i) = i^-a / H_{d,a}, H_{d,a} = sum i^-a: a Gibbs family with
 * energy log i and inverse temperature a, and, trace-normalised to d, a one-parameter orbit of
 * diagonal scalings (GSA-style, our definition; the exponent is that of the eigenvalues).
 */
public final class GibbsCartan {
    /**
     * Exponents a fit may take; a bound at the end of the range is none, see {@link LayerChart}.
     */
    static final double LEAST = -5;

    static final double MOST = 50;

    private static final int STEPS = 200;
    private static final double EXACT = 1e-14;

    private final int d;
    private final double a;
    private final double harmonic;
    private final double mean;
    private final double variance;

    /**
     * Creates a member.
     *
     * @param d ranks, at least 1
     * @param a exponent, finite
     */
    public GibbsCartan(int d, double a) {
        if (d < 1 || !Double.isFinite(a)) {
            throw new IllegalArgumentException(
                    "power-law chart: at least one rank and a finite exponent expected, found "
                            + d
                            + " and "
                            + a);
        }
        this.d = d;
        this.a = a;
        double sum = 0;
        double first = 0;
        double second = 0;
        for (int i = d; i >= 1; i--) {
            double log = StrictMath.log(i);
            double weight = StrictMath.exp(-a * log);
            sum += weight;
            first += weight * log;
            second += weight * log * log;
        }
        this.harmonic = sum;
        this.mean = first / sum;
        this.variance = Math.max(second / sum - mean * mean, 0);
    }

    /** Returns H_{d,a}. */
    public double harmonic() {
        return harmonic;
    }

    /** Returns the exponent. */
    public double exponent() {
        return a;
    }

    /** Returns the number of ranks. */
    public int ranks() {
        return d;
    }

    /** Returns p_a(i), i from 1. */
    public double probability(int i) {
        return StrictMath.exp(-a * StrictMath.log(i)) / harmonic;
    }

    /** Returns p_a, descending for a >= 0. */
    public double[] probabilities() {
        double[] p = new double[d];
        for (int i = 1; i <= d; i++) {
            p[i - 1] = probability(i);
        }
        return p;
    }

    /** Returns E_a[log i]. */
    public double meanLog() {
        return mean;
    }

    /**
     * Returns the Fisher information Var_a(log i); the Bures-Wasserstein line element is d/4 of it.
     */
    public double fisher() {
        return variance;
    }

    /** Returns the top-radial coordinate rho = (log d - log H_{d,a}) / 2. */
    public double rho() {
        return (StrictMath.log(d) - StrictMath.log(harmonic)) / 2;
    }

    /** Returns T_k = sum_{i > k} p_a(i). */
    public double tail(int k) {
        double sum = 0;
        for (int i = d; i > Math.max(k, 0); i--) {
            sum += probability(i);
        }
        return sum;
    }

    /** Returns the lower integral bound on T_k; needs a from 0 and k from 1. */
    public double tailLower(int k) {
        return integral(k + 1.0, d + 1.0);
    }

    /** Returns the upper integral bound on T_k; needs a from 0 and k from 1. */
    public double tailUpper(int k) {
        return integral(k, d);
    }

    /** The integral of x^-a over [from, to], divided by H. */
    private double integral(double from, double to) {
        if (a < 0 || from < 1) {
            throw new IllegalArgumentException(
                    "power-law tail: an exponent and a rank from 0 and 1 expected, found "
                            + a
                            + " and "
                            + from);
        }
        double span = StrictMath.log(to / from);
        double slope = 1 - a;
        // (to^s - from^s) / s = from^s (e^(s L) - 1) / s, with the limit L at s = 0.
        double growth = slope == 0 ? span : StrictMath.expm1(slope * span) / slope;
        return StrictMath.exp(slope * StrictMath.log(from)) * growth / harmonic;
    }

    /**
     * Returns the member with a given E_a[log i], the Kullback-Leibler projection of any spectrum
     * with that mean; the mean falls strictly in a. A mean out of reach gives the end of [-5, 50];
     * on one rank all members are the same, and the flat one is returned.
     */
    public static GibbsCartan fit(int d, double meanLog) {
        if (!(meanLog >= 0 && meanLog <= StrictMath.log(d) + EXACT)) {
            throw new IllegalArgumentException(
                    "power-law fit: a mean of log rank from 0 to log " + d + ", found " + meanLog);
        }
        double low = LEAST;
        double high = MOST;
        if (d == 1) {
            return new GibbsCartan(d, 0);
        }
        if (new GibbsCartan(d, high).meanLog() >= meanLog) {
            return new GibbsCartan(d, high);
        }
        if (new GibbsCartan(d, low).meanLog() <= meanLog) {
            return new GibbsCartan(d, low);
        }
        GibbsCartan at = new GibbsCartan(d, 1);
        for (int step = 0; step < STEPS && high - low > Math.ulp(at.a); step++) {
            double miss = at.meanLog() - meanLog;
            if (Math.abs(miss) <= EXACT * meanLog) {
                return at;
            }
            low = miss > 0 ? at.a : low;
            high = miss > 0 ? high : at.a;
            double newton = at.a + miss / at.fisher();
            boolean inside = newton > low && newton < high;
            at = new GibbsCartan(d, inside ? newton : (low + high) / 2);
        }
        return at;
    }

    /** Returns the fit to the leading entries of a spectrum, renormalised. */
    public static GibbsCartan fit(double[] spectrum, int ranks) {
        double sum = 0;
        double first = 0;
        for (int i = 0; i < ranks; i++) {
            sum += spectrum[i];
            first += spectrum[i] * StrictMath.log(i + 1.0);
        }
        if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "power-law fit: a finite spectrum with energy expected, found sum " + sum);
        }
        return fit(ranks, first / sum);
    }
}
