package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.SharedSamples;
import io.spectrawatch.flink.log.RowBlocks;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import org.apache.flink.api.common.JobID;

/**
 * The arithmetic of one subtask, kernels on its thread and row blocks to reuse, and the samples
 * that it shares with the other subtasks of its process.
 */
public final class CalibrationTools implements AutoCloseable {

    private final Kernels kernels;
    private final RowBlocks blocks;
    private final SharedSamples samples;

    /**
     * @throws IllegalArgumentException if this process has no room for the samples of a detector
     */
    CalibrationTools(CalibrateSettings settings, JobID job) {
        settings.detecting().requireRoom(Runtime.getRuntime().maxMemory());
        this.kernels = KernelProviders.open(settings.sketching().kernels());
        this.blocks = new RowBlocks(settings.sketching().blockRows());
        // Last: where anything before fails nobody would leave them again.
        this.samples = SharedSamples.join(job, settings.detecting());
    }

    public Kernels kernels() {
        return kernels;
    }

    public RowBlocks blocks() {
        return blocks;
    }

    /** Those that a detector is fitted on, as far as they are read in this process. */
    public SharedSamples samples() {
        return samples;
    }

    @Override
    public void close() {
        samples.close();
        kernels.close();
    }
}
