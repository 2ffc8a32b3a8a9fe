package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.RowBlocks;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;

/** The arithmetic of one subtask: kernels on its thread, and the buffers its sketches share. */
final class SketchTools implements AutoCloseable {

    private final SketchSettings settings;
    private final Kernels kernels;
    private final RowBlocks blocks;

    SketchTools(SketchSettings settings) {
        this.settings = settings;
        this.kernels = KernelProviders.open(settings.kernels());
        this.blocks = new RowBlocks(settings.blockRows());
    }

    SketchSettings settings() {
        return settings;
    }

    Kernels kernels() {
        return kernels;
    }

    SecondMomentSketch newSketch(String layer, int columns) {
        return Sketches.create(settings.options(layer, columns), columns, kernels);
    }

    SecondMomentSketch restore(byte[] sketch) {
        return Sketches.fromBytes(sketch, kernels);
    }

    RowBlock takeBlock(int columns) {
        return blocks.take(columns);
    }

    void giveBlock(RowBlock block) {
        blocks.give(block);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
