package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Projected;

/** Says which class the rows look like, whatever the model answered. */
public interface Favouring {
    /** Returns the class that explains each row best. */
    int[] favoured(Projected rows);
}
