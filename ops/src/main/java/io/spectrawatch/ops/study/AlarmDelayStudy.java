package io.spectrawatch.ops.study;

import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * How many scores the sequential test takes to alarm after their mean has shifted: drawn from Beta
 * distributions, first at the edge of the contract, then above it.
 */
public final class AlarmDelayStudy {

    private final AlarmDelayOptions options;

    private AlarmDelayStudy(AlarmDelayOptions options) {
        this.options = options;
    }

    /** Draws all runs; the same options give the same report. */
    public static AlarmDelayReport run(AlarmDelayOptions options) {
        AlarmDelayStudy study = new AlarmDelayStudy(options);
        EvidenceOptions contract = options.contract();
        List<AlarmDelayReport.Row> rows = new ArrayList<>();
        for (EvidenceOptions each :
                List.of(
                        contract.withHorizon(Horizon.ANYTIME),
                        contract.withHorizon(Horizon.RUN_LENGTH)
                                .withAlpha(options.runLengthAlpha()))) {
            for (double mean : options.means()) {
                rows.add(study.row(each, mean));
            }
        }
        return new AlarmDelayReport(contract.tolerance(), options.change(), options.runs(), rows);
    }

    private AlarmDelayReport.Row row(EvidenceOptions contract, double mean) {
        int[] delays = new int[options.runs()];
        int counted = 0;
        int missed = 0;
        for (int run = 0; run < options.runs(); run++) {
            Random random = new Random(options.seed() * 1_000_003 + run);
            Evidence evidence = Evidence.start(contract);
            for (int t = 0; t < options.change() && !evidence.alarmed(); t++) {
                evidence = evidence.observe(score(random, contract.tolerance()));
            }
            if (evidence.alarmed()) {
                continue;
            }
            int delay = 0;
            while (!evidence.alarmed() && delay < options.most()) {
                evidence = evidence.observe(score(random, mean));
                delay++;
            }
            missed += evidence.alarmed() ? 0 : 1;
            delays[counted++] = delay;
        }
        Arrays.sort(delays, 0, counted);
        return new AlarmDelayReport.Row(
                contract.horizon().name(),
                contract.alpha(),
                contract.weight(),
                mean,
                options.runs() - counted,
                missed,
                counted == 0 ? 0 : delays[counted / 2],
                counted == 0 ? 0 : delays[counted * 9 / 10]);
    }

    /** A Beta variate: X / (X + Y) of two Gamma variates. */
    private double score(Random random, double mean) {
        double x = gamma(random, mean * options.concentration());
        double y = gamma(random, (1 - mean) * options.concentration());
        // Both may underflow where the concentration is tiny; the score is then 0 or 1 anyway.
        return x + y > 0 ? x / (x + y) : random.nextDouble() < mean ? 1 : 0;
    }

    /** A Gamma variate by squeeze and rejection (Marsaglia and Tsang 2000). */
    private static double gamma(Random random, double shape) {
        if (shape < 1) {
            double boost = StrictMath.pow(random.nextDouble(), 1 / shape);
            return gamma(random, shape + 1) * boost;
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double z = random.nextGaussian();
            double v = 1 + c * z;
            v = v * v * v;
            double bound = z * z / 2 + d - d * v;
            if (v > 0 && StrictMath.log(random.nextDouble()) < bound + d * StrictMath.log(v)) {
                return d * v;
            }
        }
    }
}
