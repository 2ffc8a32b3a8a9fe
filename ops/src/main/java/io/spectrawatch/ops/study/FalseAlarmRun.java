package io.spectrawatch.ops.study;

import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.DriftScores;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.Horizon;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One run: its own split of the blocks, its own baseline, then panes without any change. */
final class FalseAlarmRun {
    /** Every so many pooled panes are certified in full. */
    private static final int CERTIFY_EVERY = 100;

    /** Panes of a wave of traffic, in which the volume goes from 1 to 10 and back. */
    private static final int WAVE = 200;

    /**
     * What a run saw; means over its pooled panes.
     *
     * @param baseline null if calibration was refused
     */
    record Outcome(
            InterfaceBaseline baseline,
            boolean driftAlarm,
            boolean spectrumAlarm,
            double meanDrift,
            double meanSpectrum,
            long certified,
            long changed,
            long beyondSampling) {}

    private final FalseAlarmOptions options;
    private final Random random;
    private final List<InterfaceMoments> monitored = new ArrayList<>();
    private final InterfaceCalibration calibration;
    private long certified;
    private long changed;
    private long beyondSampling;
    private int pane;

    FalseAlarmRun(FalseAlarmOptions options, List<InterfaceMoments> blocks, long seed) {
        this.options = options;
        this.random = new Random(seed);
        List<InterfaceMoments> shuffled = new ArrayList<>(blocks);
        Collections.shuffle(shuffled, random);
        int third = shuffled.size() / 3;
        InterfaceMoments reference = shuffled.get(0).copy();
        for (InterfaceMoments block : shuffled.subList(1, third)) {
            reference.merge(block);
        }
        monitored.addAll(shuffled.subList(2 * third, shuffled.size()));
        CertificateOptions certificate = CertificateOptions.defaults();
        long least = Math.min(certificate.minimumRows(), options.poolRows());
        this.calibration =
                Certificates.calibrate(
                        "study",
                        reference,
                        shuffled.subList(third, 2 * third),
                        RowGroups.equalBlocks(reference.windowY().dimension(), options.groups()),
                        certificate.withRows(
                                least, options.poolRows(), certificate.mostPoolRows()));
    }

    Outcome run() {
        if (!calibration.accepted()) {
            return new Outcome(null, false, false, 0, 0, 0, 0, 0);
        }
        InterfaceBaseline baseline = calibration.baseline();
        AlertState state =
                AlertState.start(
                        baseline,
                        new AlertOptions(
                                options.alpha(),
                                1,
                                Horizon.ANYTIME,
                                AlertOptions.DEFAULT_CALM_PANES,
                                true));
        Evidence drift = state.drift();
        Evidence spectrum = state.spectrum();
        double driftSum = 0;
        double spectrumSum = 0;
        for (int step = 0; step < options.panes(); step++) {
            InterfaceMoments pool = pool(baseline.pooling().rows());
            DriftScores scores = Certificates.scores(baseline, pool);
            driftSum += scores.drift();
            spectrumSum += scores.spectrum();
            drift = baseline.pooling().drift(drift, scores.drift());
            spectrum = baseline.pooling().spectrum(spectrum, scores.spectrum());
            if (step % CERTIFY_EVERY == 0) {
                note(Certificates.certify(baseline, pool));
            }
        }
        return new Outcome(
                baseline,
                drift.alarmed(),
                spectrum.alarmed(),
                driftSum / options.panes(),
                spectrumSum / options.panes(),
                certified,
                changed,
                beyondSampling);
    }

    /** Joins panes of changing volume, drawn block by block, until the pool is full. */
    private InterfaceMoments pool(long rows) {
        InterfaceMoments pool = null;
        while (pool == null || pool.rows() < rows) {
            double phase = 2 * Math.PI * pane++ / WAVE;
            long blocks = Math.round(Math.pow(10, (1 - Math.cos(phase)) / 2));
            for (long i = 0; i < blocks; i++) {
                InterfaceMoments block = monitored.get(random.nextInt(monitored.size()));
                if (pool == null) {
                    pool = block.copy();
                } else {
                    pool.merge(block);
                }
            }
        }
        return pool;
    }

    private void note(InterfaceCertificate certificate) {
        InterfaceCertificate.Findings findings = certificate.findings();
        certified++;
        if (findings == null || findings.comparison().changed() == 0) {
            return;
        }
        changed++;
        // The list is sorted: the first change has the largest margin.
        double margin = findings.comparison().changes().get(0).margin();
        beyondSampling += margin > findings.samplingSpread() ? 1 : 0;
    }
}
