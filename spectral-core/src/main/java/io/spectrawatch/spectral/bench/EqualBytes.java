package io.spectrawatch.spectral.bench;

import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.List;

/**
 * A sketch that takes 776 bytes a column, rows being filled included, in fp32: as many as 64 rows
 * and blocks of 64 without probes.
 *
 * @param sketchRows l
 * @param blockRows rows per update
 * @param probes Gaussian probes
 */
record EqualBytes(int sketchRows, int blockRows, int probes) {

    /** What stood before, then ever more of its memory in probes, and one with larger blocks. */
    static final List<EqualBytes> ALL =
            List.of(
                    new EqualBytes(64, 64, 0),
                    new EqualBytes(64, 32, 16),
                    new EqualBytes(64, 16, 24),
                    new EqualBytes(56, 32, 24),
                    new EqualBytes(56, 16, 32),
                    new EqualBytes(32, 128, 0));

    private static final long PROBE_SEED = 1;

    SketchOptions of(SketchOptions options) {
        return options.withSketchRows(sketchRows)
                .withBlockRows(blockRows)
                .withProbes(probes, probes == 0 ? 0 : PROBE_SEED);
    }
}
