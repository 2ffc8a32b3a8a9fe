package io.spectrawatch.ops.study;

import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Counts false alarms of the certificates' sequential tests on real activations without change:
 * moments of the transformer over noun definitions, computed once, from which every run draws its
 * own reference, held-back panes and monitored panes of changing volume.
 */
public final class FalseAlarmStudy {
    private FalseAlarmStudy() {}

    /**
     * Runs the model, then the study.
     *
     * @param progress takes a line now and then
     */
    public static FalseAlarmReport run(FalseAlarmOptions options, Consumer<String> progress)
            throws InterruptedException {
        List<String> glosses =
                Glosses.shuffled(Glosses.of(EnumSet.of(Glosses.PartOfSpeech.NOUN)), options.seed());
        List<String> texts = glosses.subList(0, Math.min(options.glosses(), glosses.size()));
        int fifth = texts.size() / 5;
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                ModelMoments model = new ModelMoments(MiniLm.model(), kernels, options.seed())) {
            progress.accept("windows from " + fifth + " definitions");
            List<FrozenWindow> windows =
                    model.windows(texts.subList(0, fifth), options.windowRank());
            progress.accept("moments of " + (texts.size() - fifth) + " definitions");
            return run(
                    options,
                    model.blocks(
                            windows,
                            texts.subList(fifth, texts.size()),
                            "noun",
                            options.textsPerBlock()),
                    progress);
        }
    }

    /**
     * Runs the study on given moments.
     *
     * @param interfaces for each interface, additive blocks without change
     */
    public static FalseAlarmReport run(
            FalseAlarmOptions options,
            List<List<InterfaceMoments>> interfaces,
            Consumer<String> progress)
            throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(options.threads());
        try {
            List<Future<FalseAlarmRun.Outcome>> futures = new ArrayList<>();
            for (int run = 0; run < options.runs(); run++) {
                List<InterfaceMoments> blocks = interfaces.get(run % interfaces.size());
                long seed = options.seed() * 1_000_003 + run;
                futures.add(pool.submit(() -> new FalseAlarmRun(options, blocks, seed).run()));
            }
            List<FalseAlarmRun.Outcome> outcomes = new ArrayList<>();
            for (Future<FalseAlarmRun.Outcome> future : futures) {
                outcomes.add(future.get());
                if (outcomes.size() % Math.max(1, options.runs() / 20) == 0) {
                    progress.accept(outcomes.size() + " of " + options.runs() + " runs");
                }
            }
            return report(options, interfaces, outcomes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static FalseAlarmReport report(
            FalseAlarmOptions options,
            List<List<InterfaceMoments>> interfaces,
            List<FalseAlarmRun.Outcome> outcomes) {
        int[] refused = new int[3];
        int[] alarms = new int[3];
        double[] means = new double[4];
        double[] worst = new double[2];
        long[] panes = new long[3];
        int calibrated = 0;
        for (FalseAlarmRun.Outcome outcome : outcomes) {
            if (outcome.baseline() == null) {
                refused[0]++;
                continue;
            }
            calibrated++;
            refused[1] += outcome.baseline().pooling().accepted() ? 0 : 1;
            refused[2] += outcome.baseline().pooling().spectrumAccepted() ? 0 : 1;
            alarms[0] += outcome.driftAlarm() ? 1 : 0;
            alarms[1] += outcome.spectrumAlarm() ? 1 : 0;
            alarms[2] += outcome.driftAlarm() || outcome.spectrumAlarm() ? 1 : 0;
            double drift = outcome.baseline().options().driftTolerance();
            double spectrum = outcome.baseline().options().spectrumTolerance();
            means[0] += drift;
            means[1] += outcome.meanDrift();
            means[2] += spectrum;
            means[3] += outcome.meanSpectrum();
            worst[0] = Math.max(worst[0], outcome.meanDrift() / drift);
            worst[1] = Math.max(worst[1], outcome.meanSpectrum() / spectrum);
            panes[0] += outcome.certified();
            panes[1] += outcome.changed();
            panes[2] += outcome.beyondSampling();
        }
        int count = Math.max(calibrated, 1);
        return new FalseAlarmReport(
                interfaces.get(0).size(),
                interfaces.get(0).stream().mapToLong(InterfaceMoments::rows).sum(),
                interfaces.size(),
                options.runs(),
                options.panes(),
                options.alpha(),
                refused[0],
                refused[1],
                refused[2],
                alarms[0],
                alarms[1],
                alarms[2],
                most(options.runs(), options.alpha()),
                means[0] / count,
                means[1] / count,
                means[2] / count,
                means[3] / count,
                worst[0],
                worst[1],
                panes[0],
                panes[1],
                panes[2]);
    }

    /** The 0.999 quantile of the binomial distribution. */
    static int most(int runs, double alpha) {
        double logChoose = 0;
        double below = 0;
        for (int k = 0; k <= runs; k++) {
            below += Math.exp(logChoose + k * Math.log(alpha) + (runs - k) * Math.log1p(-alpha));
            if (below >= 0.999) {
                return k;
            }
            logChoose += Math.log(runs - k) - Math.log(k + 1.0);
        }
        return runs;
    }
}
