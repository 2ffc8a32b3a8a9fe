package io.spectrawatch.ops.study;

/**
 * What was counted; the component names are the keys of the JSON form.
 *
 * @param blocks blocks of real activations per interface
 * @param rows rows behind them, per interface
 * @param interfaces interfaces that runs went round
 * @param runs runs
 * @param panes pooled panes of a run
 * @param alpha level of a run
 * @param refusedBaselines runs whose calibration was refused; they cannot alarm
 * @param refusedDrift further runs without a drift test
 * @param refusedSpectrum further runs without a spectrum test
 * @param driftAlarms runs with a CERTIFICATE_DRIFT
 * @param spectrumAlarms runs with a SPECTRUM_DRIFT
 * @param alarmedRuns runs with either
 * @param mostAlarmedRuns most that alpha explains with probability 0.999
 * @param meanDriftTolerance mean over the runs of the tolerated mean drift score
 * @param meanDriftScore mean drift score
 * @param meanSpectrumTolerance mean over the runs of the tolerated mean spectrum score
 * @param meanSpectrumScore mean spectrum score
 * @param worstDriftShare largest mean drift score of a run over its tolerated mean
 * @param worstSpectrumShare largest mean spectrum score of a run over its tolerated mean
 * @param certifiedPanes panes that were certified in full, too
 * @param changedPanes of these, panes with a changed element
 * @param changedBeyondSampling of these, panes with a change whose margin exceeds the pane's stated
 *     sampling spread
 */
public record FalseAlarmReport(
        int blocks,
        long rows,
        int interfaces,
        int runs,
        int panes,
        double alpha,
        int refusedBaselines,
        int refusedDrift,
        int refusedSpectrum,
        int driftAlarms,
        int spectrumAlarms,
        int alarmedRuns,
        int mostAlarmedRuns,
        double meanDriftTolerance,
        double meanDriftScore,
        double meanSpectrumTolerance,
        double meanSpectrumScore,
        double worstDriftShare,
        double worstSpectrumShare,
        long certifiedPanes,
        long changedPanes,
        long changedBeyondSampling) {
    /** Returns whether the alarms are no more than alpha explains. */
    public boolean withinLevel() {
        return alarmedRuns <= mostAlarmedRuns;
    }
}
