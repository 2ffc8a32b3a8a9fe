package io.spectrawatch.ops.evaluate;

import java.nio.file.Path;
import java.util.List;

/**
 * What an evaluation says beside the curves.
 *
 * @param evidenceLayers layers that evidence is taken at, empty for the input
 * @param levels p-values at which samples are flagged, each above 0 and below 1
 * @param scores file for what was scored, one line a sample; null for none
 */
public record ReportOptions(List<String> evidenceLayers, List<Double> levels, Path scores) {

    /** Copies the lists and checks the levels. */
    public ReportOptions {
        evidenceLayers = List.copyOf(evidenceLayers);
        levels = List.copyOf(levels);
        for (double level : levels) {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException(
                        "level: above 0 and below 1 expected, found " + level);
            }
        }
    }

    /** The detector's choice of layers, one level of 1 %, no file. */
    public static ReportOptions defaults() {
        return new ReportOptions(List.of(), List.of(0.01), null);
    }
}
