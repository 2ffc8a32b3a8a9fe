package io.spectrawatch.flink.monitor.config;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * What the operators need of the configuration to sketch and to publish.
 *
 * @param kind kind of the layers that no list names
 * @param blockRows rows per update of a sketch
 * @param exactLayers names, or endings after a star, of layers kept as the exact moment
 * @param frequentDirectionsLayers likewise of layers kept by alpha-Frequent-Directions
 * @param exactRounding largest share of the energy that fp32 products of an exact moment may round
 *     by, 0 for fp64 products
 * @param probes Gaussian probes of a layer kept by alpha-Frequent-Directions, 0 for none
 * @param probeSeed seed that the probes are drawn from
 * @param basisVectors k, most vectors published
 * @param spectrumLength most eigenvalues published
 * @param publishSketch whether the whole sketch is published in chunks
 * @param memory which part of the memory each model has
 * @param recorded every setting that records depend on, by key, as manifests name them
 */
public record SketchSettings(
        SketchKind kind,
        int sketchRows,
        BlockRows blockRows,
        double alpha,
        double exactRounding,
        int probes,
        long probeSeed,
        long exactMemoryBytes,
        List<String> exactLayers,
        List<String> frequentDirectionsLayers,
        KernelChoice kernels,
        int basisVectors,
        int spectrumLength,
        boolean publishSketch,
        MemoryShares memory,
        TreeMap<String, String> recorded)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** 2^27 fp64 values = 1 GiB, so that no buffer or binary form passes the 2 GiB of an array. */
    private static final long MAX_VALUES = 1L << 27;

    /** Whether blocks of so many rows, and what they are stacked on, fit one buffer. */
    public boolean holds(int rows, int columns) {
        return columns <= MAX_VALUES / (sketchRows + rows + 1L);
    }

    /** The widest layer that this configuration can hold in one buffer. */
    public long maxColumns() {
        return MAX_VALUES / (sketchRows + blockRows.usual() + 1L);
    }

    /**
     * How a layer is sketched where memory is no concern: a function of its name and width alone,
     * so that all shards agree. {@code LayerPlan} may decide for less.
     *
     * <p>A sketch of more rows than the layer has columns would be larger than the exact moment,
     * which then stands in for it.
     */
    public SketchOptions options(String layer, int columns) {
        SketchOptions options =
                new SketchOptions(
                        kindOf(layer), sketchRows, blockRows.usual(), alpha, exactMemoryBytes);
        SketchKind resolved = options.resolve(columns);
        if (resolved == SketchKind.FREQUENT_DIRECTIONS && sketchRows > columns) {
            return as(options, SketchKind.EXACT);
        }
        return as(options, resolved);
    }

    /** Options of a kind: an exact moment needs no probes, and it alone has fp32 products. */
    public SketchOptions as(SketchOptions options, SketchKind resolved) {
        return resolved == SketchKind.EXACT
                ? options.withKind(resolved).withProbes(0, 0).withRounding(exactRounding)
                : options.withKind(resolved)
                        .withProbes(probes, probes == 0 ? 0 : probeSeed)
                        .withRounding(0);
    }

    private SketchKind kindOf(String layer) {
        if (matches(exactLayers, layer)) {
            return SketchKind.EXACT;
        }
        if (matches(frequentDirectionsLayers, layer)) {
            return SketchKind.FREQUENT_DIRECTIONS;
        }
        return kind;
    }

    private static boolean matches(List<String> patterns, String layer) {
        for (String pattern : patterns) {
            boolean hit =
                    pattern.startsWith("*")
                            ? layer.endsWith(pattern.substring(1))
                            : layer.equals(pattern);
            if (hit) {
                return true;
            }
        }
        return false;
    }
}
