package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Projected;
import java.io.DataOutput;
import java.io.IOException;

/** One number per row, or one per sample; larger is more suspicious, unless both tails are. */
public interface SampleScore {
    /** Returns the name users see, with the tap where there is one: {@code mahalanobis/block0}. */
    String name();

    /** Returns whether unusually small values are suspicious too. */
    default boolean twoSided() {
        return false;
    }

    /** Returns whether it asks for the logits of the row before in the same sample. */
    default boolean readsBefore() {
        return false;
    }

    /**
     * Returns whether a sample has one, whatever its rows: it reads what has one row per sample.
     */
    default boolean ofSample() {
        return false;
    }

    /** Returns the score of each row, or of each sample where that has one. */
    double[] score(Projected rows);

    /** Writes the tag of the class and what the score has learnt; {@link ScoreCodec} reads it. */
    void write(DataOutput out) throws IOException;
}
