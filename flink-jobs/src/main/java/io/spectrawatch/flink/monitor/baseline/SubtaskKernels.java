package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.flink.log.RowBlocks;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Anchor;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;

/** The arithmetic of one subtask: kernels on its thread, and the buffers its sketches share. */
public final class SubtaskKernels implements AutoCloseable {

    private final SketchSettings settings;
    private final Baselines baselines;
    private final Detectors detection;
    private final Kernels kernels;
    private final RowBlocks blocks;
    private final WindowPool windows;

    /**
     * @param baselines what panes are judged by
     */
    public SubtaskKernels(SketchSettings settings, Baselines baselines) {
        this(settings, baselines, null);
    }

    /**
     * @param baselines what panes are judged by
     * @param detection null where no samples are scored
     */
    public SubtaskKernels(SketchSettings settings, Baselines baselines, Detectors detection) {
        this.settings = settings;
        this.baselines = baselines;
        this.detection = detection;
        this.kernels = KernelProviders.open(settings.kernels());
        this.kernels.workspace().limit(settings.memory().budget().offHeap());
        this.blocks = new RowBlocks(settings.blockRows().usual(), keptBlockBytes(settings));
        this.windows = new WindowPool(kernels, settings.blockRows().usual());
    }

    /** What open panes do not need at the moment may stay for the next ones up to this. */
    private static long keptBlockBytes(SketchSettings settings) {
        return settings.memory().scratch() / 2;
    }

    public SketchSettings settings() {
        return settings;
    }

    public Baselines baselines() {
        return baselines;
    }

    /** What samples are scored with, null where none are. */
    public Detectors detection() {
        return detection;
    }

    public Kernels kernels() {
        return kernels;
    }

    public WindowPool windows() {
        return windows;
    }

    /** An empty sketch, centred on the rows' own mean if there is no anchor. */
    public SecondMomentSketch newSketch(SketchOptions options, int columns, Anchor anchor) {
        return anchor == null
                ? Sketches.create(options, columns, kernels)
                : Sketches.anchored(options, columns, kernels, anchor);
    }

    public SecondMomentSketch restore(byte[] sketch) {
        return Sketches.fromBytes(sketch, kernels);
    }

    public RowBlock takeBlock(int rows, int columns) {
        return blocks.take(rows, columns);
    }

    public void giveBlock(RowBlock block) {
        blocks.give(block);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
