package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.List;
import java.util.Random;

/** A validated log of a {@link ChainModel}: the same snapshots for every number of shards. */
public final class ChainLog {

    private static final int SNAPSHOTS_PER_PANE = 40;

    private final TestLog log;
    private final int shards;
    private final Random random = new Random(TestLog.seed());
    private int snapshots;
    private long panes;

    public ChainLog(int shards) {
        this.shards = shards;
        this.log = new TestLog(shards).tickAll(0);
    }

    /** Adds whole panes, their snapshots dealt to the shards in turn. */
    public ChainLog panes(int count, ChainModel model) {
        for (int i = 0; i < count; i++) {
            for (int s = 0; s < SNAPSHOTS_PER_PANE; s++) {
                long at = panes * TestLog.PANE + s * TestLog.PANE / SNAPSHOTS_PER_PANE;
                add(model.snapshot(at, random));
            }
            nextPane();
        }
        return this;
    }

    /** Ends a pane. */
    ChainLog nextPane() {
        panes++;
        log.tickAll(panes * TestLog.PANE);
        return this;
    }

    /** Adds a snapshot to the shard whose turn it is. */
    ChainLog add(ActivationSnapshot snapshot) {
        log.add(snapshots++ % shards, snapshot);
        return this;
    }

    /** Lets a baseline judge the panes to come. */
    public ChainLog activate(String baselineId) {
        log.activateAll(baselineId, panes * TestLog.PANE);
        return this;
    }

    TestLog log() {
        return log;
    }

    /** All records, with ticks at the end that close every pane. */
    public List<ShardRecord> records() {
        log.tickAll(panes * TestLog.PANE + TestLog.LATENESS);
        return log.records();
    }

    /** The moments of an interface, straight from the rows captured in [from, to). */
    static InterfaceMoments direct(
            List<ShardRecord> log, ModelBaseline baseline, int index, long from, long to) {
        ModelInterface each = baseline.interfaces().get(index);
        InterfaceMoments moments =
                new InterfaceMoments(each.certificate().windowX(), each.certificate().windowY());
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (ShardRecord record : log) {
                if (Wire.decode(record.value()) instanceof ActivationSnapshot snapshot
                        && snapshot.getCapturedAt() >= from
                        && snapshot.getCapturedAt() < to) {
                    add(snapshot, snapshot.getLayers().get(each.x()), each.y(), moments, kernels);
                }
            }
        }
        return moments;
    }

    private static void add(
            ActivationSnapshot snapshot,
            Layer x,
            int placeOfY,
            InterfaceMoments moments,
            Kernels kernels) {
        int rows = x.getRows();
        byte[] halves = new byte[rows];
        for (int i = 0; i < rows; i++) {
            String id = snapshot.getSamples().get(x.getRowSample().get(i)).getId();
            halves[i] = (byte) SampleSplit.half(ChainModel.SPLIT_SEED, id);
        }
        try (WindowRows windowX = new WindowRows(kernels, moments.windowX(), rows);
                WindowRows windowY = new WindowRows(kernels, moments.windowY(), rows)) {
            windowX.project(block(x), halves);
            windowY.project(block(snapshot.getLayers().get(placeOfY)), halves);
            moments.update(windowX, windowY);
        }
    }

    private static RowBlock block(Layer layer) {
        RowBlock block = new RowBlock(layer.getRows(), layer.getColumns());
        block.append(layer.getData(), ElementType.FLOAT32, 0, layer.getRows());
        return block;
    }
}
