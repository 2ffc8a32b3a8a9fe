package io.spectrawatch.spectral.detect.combine;

/** What a score asks; the combination gives every question that can be asked the same weight. */
public enum Question {
    /** Is the model unsure of its answer? */
    CONFIDENCE,
    /** Do early and late layers disagree about the answer? */
    CONSISTENCY,
    /** Does the row lie off the reference? */
    DISTANCE,
    /**
     * Do independent models of what the input looks like, fitted to the model's own answers, name
     * another class? Asked beside {@link #CONFIDENCE} and {@link #DISTANCE}, in {@link Channels}.
     */
    EVIDENCE
}
