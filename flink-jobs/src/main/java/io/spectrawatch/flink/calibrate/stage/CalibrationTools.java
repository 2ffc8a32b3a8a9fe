package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.log.RowBlocks;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

/** The arithmetic of one subtask: kernels on its thread, and row blocks to reuse. */
public final class CalibrationTools implements AutoCloseable {

    private final Kernels kernels;
    private final RowBlocks blocks;

    CalibrationTools(CalibrateSettings settings) {
        this.kernels = KernelProviders.open(settings.sketching().kernels());
        this.blocks = new RowBlocks(settings.sketching().blockRows());
    }

    public Kernels kernels() {
        return kernels;
    }

    public RowBlocks blocks() {
        return blocks;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
