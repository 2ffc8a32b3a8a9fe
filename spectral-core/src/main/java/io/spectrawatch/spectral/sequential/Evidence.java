package io.spectrawatch.spectral.sequential;

import io.spectrawatch.spectral.binary.Sha256;
import java.util.Arrays;

/**
 * A sequential test by betting: how much a gambler who bets against "the scores have conditional
 * mean at most mu0" has won by now.
 *
 * <pre>{@code
 * Evidence evidence = Evidence.start(EvidenceOptions.defaults());
 * evidence = evidence.observe(score);
 * if (evidence.alarmed()) { ... evidence = evidence.reopen(); }
 * }</pre>
 *
 * <p>For each bet lambda_k the wealth of all start times follows R_t = (R_{t-1} + gamma_t)(1 +
 * lambda_k (u_t - mu0)); the evidence is W_t = mean_k R_t + sum_{j > t} gamma_j, a nonnegative
 * supermartingale with W_0 = 1 under the contract (bets of Waudby-Smith and Ramdas,
 * arXiv:2010.09686; mixture over start times of Shin, Ramdas, Rinaldo, arXiv:2203.03532). The test
 * alarms at W_t &gt;= 1/level and then stands still until {@link #reopen}, which opens the next
 * epoch at a smaller level.
 *
 * <p>Immutable. Wealth is kept as logarithms, so nothing overflows; StrictMath makes the state the
 * same on every machine.
 */
public final class Evidence {
    private final EvidenceOptions options;
    private final int epoch;
    private final long steps;
    private final boolean alarmed;
    private final double[] logWealth;

    Evidence(EvidenceOptions options, int epoch, long steps, boolean alarmed, double[] logWealth) {
        this.options = options;
        this.epoch = epoch;
        this.steps = steps;
        this.alarmed = alarmed;
        this.logWealth = logWealth;
    }

    /** Returns the test of epoch 1 before its first score. */
    public static Evidence start(EvidenceOptions options) {
        return start(options, 1);
    }

    /**
     * Returns the test of a later epoch before its first score: after a new baseline, say, when
     * earlier epochs have spent their share of the level.
     *
     * @param epoch from 1
     */
    public static Evidence start(EvidenceOptions options, int epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException(
                    "evidence: an epoch from 1 expected, found " + epoch);
        }
        double[] nothing = new double[options.bets()];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        return new Evidence(options, epoch, 0, false, nothing);
    }

    /**
     * Returns the test after one more score; an alarmed test returns itself.
     *
     * @param score u_t in [0, 1]
     * @throws IllegalArgumentException if the score is not in [0, 1]
     */
    public Evidence observe(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException(
                    "evidence: a score in [0, 1] expected, found " + score);
        }
        if (alarmed) {
            return this;
        }
        long t = steps + 1;
        double logStart =
                options.horizon() == Horizon.ANYTIME
                        ? -(StrictMath.log(t) + StrictMath.log1p(t))
                        : 0;
        double[] next = new double[logWealth.length];
        for (int k = 0; k < next.length; k++) {
            double gain = StrictMath.log1p(options.bet(k) * (score - options.tolerance()));
            next[k] = logSum(logWealth[k], logStart) + gain;
        }
        boolean crossed = logEvidence(next, t) >= options.logThreshold(epoch);
        return new Evidence(options, epoch, t, crossed, next);
    }

    /** Returns the next epoch of the same test, before its first score. */
    public Evidence reopen() {
        return start(options, Math.addExact(epoch, 1));
    }

    /** Returns log W_t (ANYTIME) or the log of the e-SR statistic (RUN_LENGTH). */
    public double logEvidence() {
        return logEvidence(logWealth, steps);
    }

    private double logEvidence(double[] wealth, long t) {
        double sum = Double.NEGATIVE_INFINITY;
        for (double value : wealth) {
            sum = logSum(sum, value);
        }
        double mean = sum - StrictMath.log(wealth.length);
        return options.horizon() == Horizon.ANYTIME ? logSum(mean, -StrictMath.log1p(t)) : mean;
    }

    private static double logSum(double a, double b) {
        double high = Math.max(a, b);
        if (high == Double.NEGATIVE_INFINITY) {
            return high;
        }
        return high + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - high));
    }

    /** Returns the log of the evidence at which this epoch alarms. */
    public double logThreshold() {
        return options.logThreshold(epoch);
    }

    /** Returns logEvidence / logThreshold, at most 1 and at least 0: how close the alarm is. */
    public double progress() {
        return Math.min(Math.max(logEvidence() / logThreshold(), 0), 1);
    }

    /** Returns whether this epoch has alarmed. */
    public boolean alarmed() {
        return alarmed;
    }

    /** Returns the epoch, from 1. */
    public int epoch() {
        return epoch;
    }

    /** Returns the scores taken in this epoch. */
    public long steps() {
        return steps;
    }

    /** Returns the contract. */
    public EvidenceOptions options() {
        return options;
    }

    /**
     * Returns the largest difference of the logarithms of what two runs of one test hold on each
     * bet; infinite where contract, epoch, steps or alarm differ.
     */
    public double distance(Evidence other) {
        boolean same =
                options.equals(other.options)
                        && epoch == other.epoch
                        && steps == other.steps
                        && alarmed == other.alarmed
                        && logWealth.length == other.logWealth.length;
        double largest = same ? 0 : Double.POSITIVE_INFINITY;
        for (int k = 0; same && k < logWealth.length; k++) {
            // Nothing held on either side is no difference.
            if (logWealth[k] != other.logWealth[k]) {
                largest = Math.max(largest, Math.abs(logWealth[k] - other.logWealth[k]));
            }
        }
        return largest;
    }

    double logWealth(int k) {
        return logWealth[k];
    }

    /** Returns the versioned binary form. */
    public byte[] toBytes() {
        return EvidenceCodec.encode(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws EvidenceFormatException if the bytes are anything else
     */
    public static Evidence fromBytes(byte[] bytes) {
        return EvidenceCodec.decode(bytes);
    }

    /** Returns the SHA-256 of the binary form in hex: one link of an audit's hash chain. */
    public String digest() {
        return Sha256.hex(toBytes());
    }
}
