package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.List;

/**
 * What a sketch's memory is spent on: directions, rows being filled, probes. Bytes a column are
 * those of SketchFootprint, native and with rows that came in fp32.
 *
 * @param sketchRows l
 * @param blockRows rows per update
 * @param probes Gaussian probes
 */
record MemorySplit(int sketchRows, int blockRows, int probes) {

    /** The usual sketch without probes, 776 bytes a column, and others of as many. */
    static final List<MemorySplit> EQUAL =
            List.of(
                    new MemorySplit(64, 64, 0),
                    new MemorySplit(64, 32, 16),
                    new MemorySplit(64, 16, 24),
                    new MemorySplit(64, 8, 28),
                    new MemorySplit(56, 16, 32),
                    new MemorySplit(32, 128, 0));

    /** The usual sketch with probes, its largest block, and sketches of ever more rows. */
    static final List<MemorySplit> MORE =
            List.of(
                    new MemorySplit(64, 64, 16),
                    new MemorySplit(64, 128, 16),
                    new MemorySplit(64, 256, 16),
                    new MemorySplit(128, 128, 16),
                    new MemorySplit(128, 256, 16),
                    new MemorySplit(192, 128, 0),
                    new MemorySplit(224, 128, 0),
                    new MemorySplit(192, 128, 16));

    /** Not the generated rows' own, which would begin with the probes. */
    static final long PROBE_SEED = 20_261;

    SketchOptions of(SketchOptions options) {
        return options.withSketchRows(sketchRows)
                .withBlockRows(blockRows)
                .withProbes(probes, probes == 0 ? 0 : PROBE_SEED);
    }
}
