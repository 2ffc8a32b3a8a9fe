package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.schemas.Segment;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.io.Serializable;
import java.util.List;

/**
 * What the operators need of the configuration.
 *
 * @param model model to calibrate
 * @param version its version, or empty for the only one in the range
 * @param segment the only samples to take; null for all
 * @param seed seed of the sample split
 * @param shards shards of the log
 * @param windowRank k, most directions of a window
 * @param groups equal blocks of output channels where no pattern names the layer
 * @param layerGroups blocks of single layers
 * @param channels ascending channels of layers that are watched in these, exactly, instead of in
 *     their leading directions
 */
public record CalibrateSettings(
        String model,
        String version,
        Segment segment,
        long seed,
        int shards,
        int windowRank,
        int groups,
        LayerPatterns<Integer> layerGroups,
        LayerPatterns<int[]> channels,
        Sketching sketching,
        CertificateOptions certifying,
        Detecting detecting)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** 2^27 fp64 values = 1 GiB, so that no buffer or binary form passes the 2 GiB of an array. */
    private static final long MAX_VALUES = 1L << 27;

    /**
     * What the detector of samples is fitted on.
     *
     * @param layers names in the order of the chain, empty for all layers
     * @param mostSamples 0 for no detector
     * @param mostBytes bytes of their rows, held once in each process that reads shards and twice
     *     where they are fitted
     * @param coordinates window directions per layer, 0 for what the rows suggest
     * @param evidenceLayers where evidence is taken, empty for the input
     */
    public record Detecting(
            List<String> layers,
            int mostSamples,
            long mostBytes,
            int coordinates,
            List<String> evidenceLayers)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Of a heap: what is held twice leaves a third for whatever else there is. */
        private static final int HEAP_SHARE = 3;

        public ReferenceSamples samples() {
            return new ReferenceSamples(mostSamples, mostBytes);
        }

        /** Most bytes of rows that a process with such a heap has room for. */
        public static long mostBytes(long heap) {
            return heap / HEAP_SHARE;
        }

        /**
         * Makes sure that the samples fit before any is read.
         *
         * @param heap most bytes of this process's heap
         * @throws IllegalArgumentException if they do not
         */
        public void requireRoom(long heap) {
            if (mostSamples > 0 && mostBytes > mostBytes(heap)) {
                throw new IllegalArgumentException(
                        DetectorDefinition.DETECT_MEMORY.key()
                                + ": at most "
                                + mostBytes(heap)
                                + " bytes, a third of this process's heap of "
                                + (heap >> 20)
                                + " MiB (-Xmx), found "
                                + mostBytes);
            }
        }
    }

    /** How the windows' layers are sketched. */
    public record Sketching(
            SketchKind kind,
            int rows,
            int blockRows,
            double alpha,
            long exactMemoryBytes,
            KernelChoice kernels)
            implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    public boolean concerns(String otherModel, String otherVersion) {
        return model.equals(otherModel) && (version.isEmpty() || version.equals(otherVersion));
    }

    /** The widest layer that this configuration can hold in one buffer. */
    public long maxColumns() {
        return MAX_VALUES / (sketching.rows() + sketching.blockRows() + 1L);
    }

    /**
     * How a layer is sketched; a sketch of more rows than the layer has columns would be larger
     * than the exact moment, which then stands in for it.
     */
    public SketchOptions sketchOptions(int columns) {
        SketchOptions options =
                new SketchOptions(
                        sketching.kind(),
                        sketching.rows(),
                        sketching.blockRows(),
                        sketching.alpha(),
                        sketching.exactMemoryBytes());
        boolean exact = options.resolve(columns) == SketchKind.EXACT || sketching.rows() > columns;
        return options.withKind(exact ? SketchKind.EXACT : SketchKind.FREQUENT_DIRECTIONS);
    }

    /** Groups of a layer's channels: as its name asks, at most one per channel. */
    public int groupsOf(String layer, int columns) {
        Integer wanted = layerGroups.of(layer);
        return Math.min(wanted == null ? groups : wanted, columns);
    }
}
