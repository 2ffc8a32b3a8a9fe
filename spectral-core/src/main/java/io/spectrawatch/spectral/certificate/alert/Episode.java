package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.sequential.Hysteresis;

/** Whether an alert stands and for how many panes it has been calm. */
record Episode(boolean active, int calm) {
    static final Episode QUIET = new Episode(false, 0);

    /** Returns the episode after a pane. */
    Episode next(boolean raised, double score, double level, int needed) {
        if (!active) {
            return new Episode(raised, 0);
        }
        Hysteresis rule =
                new Hysteresis(level, needed, Math.min(calm, needed)).observe(raised ? 1 : score);
        return rule.resolved() && !raised ? QUIET : new Episode(true, rule.calm());
    }
}
