package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.spectral.certificate.findings.GibbsCartan;
import io.spectrawatch.spectral.sketch.Replay;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far each number of an honest certificate may be from the recomputed one; everything is taken
 * from the latter. {@code ops/docs/audit.md} derives the bounds.
 *
 * <p>With rho the recomputed certificate's rounding (and sketching) error in Frobenius norm, two
 * transports are apart by eta = 3 rho, since the recorded rho is at most twice it; those of the
 * halves by 4 eta, where each half holds at least a quarter of both layers' energy.
 */
final class CertificateBounds {

    private static final double UNIT = 0x1p-53;

    /** Window moments: see the derivation; columns at most 12 times the rows. */
    private static final double MOMENT = 32;

    /** The share of energy that a half has at least, as a divisor. */
    private static final double HALF = 4;

    /**
     * No theorem from the fields of a certificate: the map depends on the least eigenvalue of the
     * first window's moment, the two movements on the baseline's. Rounding of fp64 through
     * condition numbers up to about 1e8 stays below.
     */
    private static final double CHOSEN = 1e-6;

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

    private final CertificateFindings now;
    private final double rho;
    private final double eta;
    private final double halves;
    private final double moment;
    private final double moments;
    private final double escape;
    private final double total;
    private final double ranks;

    CertificateBounds(InterfaceCertificate recomputed) {
        this.now = recomputed.getFindings();
        ErrorTerms terms = now.getEpsilon();
        this.rho = terms.getRoundoff() + terms.getSketch();
        this.eta = (1 + Replay.LEDGER_FACTOR) * rho;
        this.halves = HALF * eta;
        double summation = recomputed.getRows() * UNIT;
        double uncentred = Math.max(1, rho / (4 * summation));
        this.moment = (1 + Replay.LEDGER_FACTOR * Replay.LEDGER_FACTOR) * MOMENT * rho * uncentred;
        this.ranks =
                now.getCharts().isEmpty()
                        ? now.getColumns()
                        : now.getCharts().stream()
                                .mapToInt(SpectrumChart::getRanks)
                                .max()
                                .orElse(1);
        this.escape = Math.sqrt(ranks) * moment;
        this.moments = moment + escape;
        this.total = rho + truncation() + sampling();
    }

    private double truncation() {
        double size = now.getEpsilon().getTruncation();
        // sqrt(s) of two escapes; 0 where the claim is about the windows.
        return size == 0 ? 0 : Math.min(Math.sqrt(2 * escape), 2 * escape / size);
    }

    private double sampling() {
        return 4 * moment * now.getEpsilon().getSampling();
    }

    /** The margin that the least certified activity has at least. */
    private double radius() {
        return now.getReferenceRadius() + now.getReferenceEpsilon().getTotal();
    }

    private double norm() {
        double core = now.getCore().getEstimate();
        double overlap = now.getOverlap().getEstimate();
        double noise = now.getNoise().getEstimate();
        return Math.sqrt(core * core + overlap * overlap + noise * noise);
    }

    /**
     * The mean over the certified blocks of products of the two halves' distances to the reference:
     * by Cauchy and Schwarz their sum moves by |e| (|D1| + |D2|) + |e|^2, and |D| is at most 2.
     */
    double drift() {
        double edges = now.getGroups() * (now.getGroups() - 1) / 2.0;
        double activities =
                Math.max(1, now.getSame() + now.getChanged() + now.getUnresolved() - edges);
        return products() / (radius() * radius() * activities);
    }

    private double products() {
        return halves * (4 + halves);
    }

    /** |sqrt p - sqrt p'|^2 is at most |p - p'|_1, and two unit vectors are sqrt 2 apart. */
    double spectrum() {
        double half = HALF * HALF * moment;
        return Math.sqrt(2 * 4 * Math.sqrt(ranks) * half);
    }

    /** A lower bound of the reference's norm: no certified margin exceeds it either. */
    private double reference() {
        double moved =
                Math.sqrt(now.getColumns()) * now.getUtilisationUpper() * now.getReferenceRadius();
        return Math.max(radius(), norm() - moved);
    }

    /**
     * Returns what a number may differ by; NaN where it has to be equal.
     *
     * @param field path below the certificate
     * @param recorded the recorded number
     * @param recomputed the recomputed one
     */
    double of(String field, double recorded, double recomputed) {
        String name = INDEX.matcher(field).replaceAll("");
        if (name.startsWith("findings.charts.")) {
            return chart(field, name.substring("findings.charts.".length()), recorded, recomputed);
        }
        return switch (name) {
            case "findings.radius",
                    "findings.labelRadius",
                    "findings.noiseRadius",
                    "findings.changes.margin",
                    "findings.core.estimate",
                    "findings.overlap.estimate",
                    "findings.noise.estimate",
                    "findings.blocks.energies" ->
                    eta;
            case "findings.core.lower",
                    "findings.core.upper",
                    "findings.overlap.lower",
                    "findings.overlap.upper",
                    "findings.noise.lower",
                    "findings.noise.upper" ->
                    eta + total;
            case "findings.noiseRatio" -> 2 * eta / norm();
            case "findings.epsilon.sketch", "findings.epsilon.roundoff" ->
                    vouched(recorded, recomputed);
            case "findings.epsilon.truncation" -> truncation();
            case "findings.epsilon.sampling" -> sampling();
            case "findings.epsilon.total" -> total;
            case "findings.samplingSpread" -> halves;
            case "findings.escapeX", "findings.escapeY" -> escape;
            case "findings.utilisation", "findings.utilisationUpper" ->
                    (eta + total) / now.getReferenceRadius();
            case "findings.marginConsumption.mean",
                    "findings.marginConsumption.topDecile",
                    "findings.marginConsumption.largest" ->
                    eta / radius();
            case "findings.marginConsumption.error" -> total / radius();
            case "findings.driftScore" -> drift();
            case "findings.spectrumScore" -> spectrum();
            case "findings.movement.transport" -> products() / (reference() * reference());
            case "findings.movement.map", "findings.movement.input", "findings.movement.output" ->
                    CHOSEN * Math.max(1, Math.abs(recomputed));
            default -> Double.NaN;
        };
    }

    private static double vouched(double recorded, double recomputed) {
        return recorded > recomputed
                ? (Replay.LEDGER_FACTOR - 1) * recomputed
                : (1 - 1 / Replay.LEDGER_FACTOR) * recomputed;
    }

    private double chart(String field, String name, double recorded, double recomputed) {
        Matcher index = INDEX.matcher(field);
        if (!index.find()) {
            return Double.NaN;
        }
        SpectrumChart chart = now.getCharts().get(Integer.parseInt(index.group(1)));
        int k = chart.getRanks();
        double log = Math.log(Math.max(k, 2));
        return switch (name) {
            case "exponent.lower", "exponent.estimate", "exponent.upper" -> exponent(k, recomputed);
            case "kolmogorovSmirnov" ->
                    shape(k) + log / 2 * exponent(k, chart.getExponent().getEstimate());
            case "hellinger" ->
                    Math.sqrt(shape(k)) + log / 2 * exponent(k, chart.getExponent().getEstimate());
            // |sin| of a subspace is a metric, and each side's is within its own error.
            case "sines" -> Math.min(1, (1 + Replay.LEDGER_FACTOR) * chart.getSineError());
            case "sineError" -> vouched(recorded, recomputed);
            default -> Double.NaN;
        };
    }

    /** How far two normalised window spectra are apart, summed over the ranks. */
    private double shape(int k) {
        return 2 * Math.sqrt(k) * moment / Math.max(inside(), Double.MIN_NORMAL);
    }

    private double inside() {
        return 1 - Math.max(now.getEscapeX(), now.getEscapeY()) - escape;
    }

    /**
     * The fitted exponent falls with the mean of log rank, which moves by at most 4 k log k of what
     * an eigenvalue or the escape does, over the energy inside the window.
     */
    private double exponent(int k, double exponent) {
        double mean = new GibbsCartan(k, exponent).meanLog();
        double moved =
                4 * k * Math.log(Math.max(k, 2)) * moments / Math.max(inside(), Double.MIN_NORMAL);
        double low = solve(k, mean + moved);
        double high = solve(k, mean - moved);
        return Math.max(exponent - low, high - exponent) + CHOSEN * 1e-3;
    }

    /** The exponent in the range of fits whose mean of log rank is nearest to a number. */
    private static double solve(int k, double mean) {
        double low = -5;
        double high = 50;
        for (int step = 0; step < 80; step++) {
            double middle = (low + high) / 2;
            if (new GibbsCartan(k, middle).meanLog() > mean) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
