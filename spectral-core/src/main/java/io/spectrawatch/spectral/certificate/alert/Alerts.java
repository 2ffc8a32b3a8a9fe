package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.sequential.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Decides about an interface's alerts: a pure function of the state, the baseline and a pane. */
public final class Alerts {
    private Alerts() {}

    /**
     * Decides about one pane. An alert is raised once, stands while its condition holds, and is
     * resolved after enough calm panes in a row; a resolved test goes on in its next epoch.
     *
     * <p>Panes without findings and panes smaller than the baseline's pooling leave both tests as
     * they are; a test that calibration refused is never fed.
     *
     * @throws IllegalArgumentException if state, baseline and certificate do not belong together
     */
    public static AlertDecision decide(
            AlertState state,
            InterfaceBaseline baseline,
            InterfaceCertificate certificate,
            AlertOptions options) {
        if (!state.baselineId().equals(baseline.id())
                || !certificate.baselineId().equals(baseline.id())) {
            throw new IllegalArgumentException(
                    "alerts of "
                            + baseline.name()
                            + ": baseline "
                            + baseline.id()
                            + " expected, found state of "
                            + state.baselineId()
                            + " and certificate of "
                            + certificate.baselineId());
        }
        InterfaceCertificate.Findings findings = certificate.findings();
        boolean enough = certificate.rows() >= baseline.pooling().rows();
        Evidence drift = state.drift();
        Evidence spectrum = state.spectrum();
        if (findings != null && enough) {
            drift = baseline.pooling().drift(drift, findings.driftScore());
            spectrum = baseline.pooling().spectrum(spectrum, findings.spectrumScore());
        }
        Episode[] episodes = episodes(state, baseline, certificate, options, drift, spectrum);
        AlertState next =
                new AlertState(
                        baseline.id(),
                        reopened(state, drift, AlertKind.CERTIFICATE_DRIFT, episodes),
                        reopened(state, spectrum, AlertKind.SPECTRUM_DRIFT, episodes),
                        episodes);
        return new AlertDecision(
                next, transitions(state, next, baseline, certificate, drift, spectrum));
    }

    private static Evidence reopened(
            AlertState before, Evidence evidence, AlertKind kind, Episode[] after) {
        boolean resolved = before.active(kind) && !after[kind.code() - 1].active();
        return resolved ? evidence.reopen() : evidence;
    }

    private static Episode[] episodes(
            AlertState state,
            InterfaceBaseline baseline,
            InterfaceCertificate certificate,
            AlertOptions options,
            Evidence drift,
            Evidence spectrum) {
        InterfaceCertificate.Findings findings = certificate.findings();
        boolean lost = findings == null || findings.comparison().unresolved() > 0;
        // A pane without findings is no sign of calm.
        double driftScore = findings == null ? 1 : findings.driftScore();
        double spectrumScore = findings == null ? 1 : findings.spectrumScore();
        int calm = options.calmPanes();
        Episode[] next = new Episode[AlertKind.values().length];
        next[AlertKind.CERTIFICATE_LOST.code() - 1] =
                state.episode(AlertKind.CERTIFICATE_LOST).next(lost, 0, 0, calm);
        next[AlertKind.CERTIFICATE_DRIFT.code() - 1] =
                test(
                        state,
                        AlertKind.CERTIFICATE_DRIFT,
                        drift,
                        driftScore,
                        baseline.options().driftTolerance(),
                        calm);
        next[AlertKind.SPECTRUM_DRIFT.code() - 1] =
                test(
                        state,
                        AlertKind.SPECTRUM_DRIFT,
                        spectrum,
                        spectrumScore,
                        baseline.options().spectrumTolerance(),
                        calm);
        boolean believed =
                !options.structureNeedsDrift()
                        || baseline.options().sampling() != null
                        || next[AlertKind.CERTIFICATE_DRIFT.code() - 1].active();
        boolean changed = findings != null && findings.comparison().changed() > 0 && believed;
        next[AlertKind.STRUCTURE_CHANGED.code() - 1] =
                state.episode(AlertKind.STRUCTURE_CHANGED)
                        .next(changed, findings == null ? 1 : 0, 0, calm);
        return next;
    }

    /** An alarmed test stands still, so only the scores can end its alert. */
    private static Episode test(
            AlertState state,
            AlertKind kind,
            Evidence evidence,
            double score,
            double tolerance,
            int calm) {
        Episode before = state.episode(kind);
        boolean raised = !before.active() && evidence.alarmed();
        return before.next(raised, score, tolerance, calm);
    }

    private static List<AlertTransition> transitions(
            AlertState before,
            AlertState after,
            InterfaceBaseline baseline,
            InterfaceCertificate certificate,
            Evidence drift,
            Evidence spectrum) {
        List<AlertTransition> transitions = new ArrayList<>();
        for (AlertKind kind : AlertKind.values()) {
            if (before.active(kind) != after.active(kind)) {
                Evidence test =
                        switch (kind) {
                            case CERTIFICATE_DRIFT -> drift;
                            case SPECTRUM_DRIFT -> spectrum;
                            default -> null;
                        };
                transitions.add(transition(kind, before, after, baseline, certificate, test));
            }
        }
        return List.copyOf(transitions);
    }

    private static AlertTransition transition(
            AlertKind kind,
            AlertState before,
            AlertState after,
            InterfaceBaseline baseline,
            InterfaceCertificate certificate,
            Evidence test) {
        InterfaceCertificate.Findings findings = certificate.findings();
        boolean raised = after.active(kind);
        Attribution attribution =
                findings == null || !raised ? Attribution.NONE : findings.attribution();
        double statistic =
                test != null
                        ? test.logEvidence()
                        : findings == null
                                ? 0
                                : kind == AlertKind.STRUCTURE_CHANGED
                                        ? findings.comparison().changed()
                                        : findings.comparison().unresolved();
        return new AlertTransition(
                kind,
                raised,
                baseline.name(),
                baseline.id(),
                attribution,
                statistic,
                test == null ? 1 : test.logThreshold(),
                kind.guarantee(test == null ? null : test.options()),
                test == null ? 0 : test.epoch(),
                certificate,
                before.digest(),
                after.digest(),
                AlertText.of(kind, raised, certificate, attribution, test));
    }
}
