package io.spectrawatch.ingest.config;

/** What the validated log holds for a snapshot that is accepted. */
public enum LogForm {
    /** Verdicts where the activations topic is kept longer than the log, else copies. */
    AUTO,
    /** The snapshot itself, so that the log alone is enough to replay. */
    COPIES,
    /** Where it stands in the activations topic, which has to be kept as long. */
    VERDICTS
}
