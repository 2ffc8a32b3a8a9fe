package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.calibrate.stage.CalibrationTools;
import io.spectrawatch.flink.calibrate.stage.SampleParts;
import io.spectrawatch.flink.calibrate.stage.ShardConsumer;
import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.calibrate.window.LayerKey;
import io.spectrawatch.flink.calibrate.window.ReferenceWindows;
import io.spectrawatch.flink.log.LayerPairs;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Second stage on one shard: moments between adjacent layers in their frozen windows, of the second
 * third of the samples as a whole and of the last third by event-time panes.
 */
public final class ShardMoments implements ShardConsumer {

    private final int shard;
    private final CalibrateSettings settings;
    private final ReferenceWindows windows;
    private final CalibrationTools tools;
    private final ShardClock clock = new ShardClock();
    private final WindowRows[] projected;
    private final TreeMap<Integer, PairRows> reference = new TreeMap<>();
    private final TreeMap<Pane, TreeMap<Integer, PairRows>> heldBack = new TreeMap<>();

    public ShardMoments(
            int shard,
            CalibrateSettings settings,
            ReferenceWindows windows,
            CalibrationTools tools) {
        this.shard = shard;
        this.settings = settings;
        this.windows = windows;
        this.tools = tools;
        this.projected = new WindowRows[windows.layers().size()];
        for (int i = 0; i < projected.length; i++) {
            projected[i] =
                    new WindowRows(
                            tools.kernels(),
                            windows.layers().get(i).window(),
                            settings.sketching().blockRows());
        }
    }

    @Override
    public void snapshot(LoggedSnapshot logged) {
        ActivationSnapshot snapshot = logged.snapshot();
        boolean ours =
                snapshot.getModelId().equals(windows.model().model())
                        && snapshot.getModelVersion().equals(windows.model().version());
        if (!ours) {
            return;
        }
        SampleParts parts = new SampleParts(snapshot, settings.seed());
        Pane pane = Pane.of(logged.countedAt(), windows.paneLength());
        for (LayerPairs.Pair pair : LayerPairs.of(snapshot)) {
            int x = windows.place(key(pair.x()));
            int y = windows.place(key(pair.y()));
            if (x >= 0 && y >= 0) {
                take(pair, parts, SampleParts.REFERENCE, x, reference);
                take(
                        pair,
                        parts,
                        SampleParts.HELD_BACK,
                        x,
                        heldBack.computeIfAbsent(pane, p -> new TreeMap<>()));
            }
        }
    }

    private static LayerKey key(Layer layer) {
        return new LayerKey(layer.getIndex(), layer.getName(), layer.getColumns());
    }

    private void take(
            LayerPairs.Pair pair,
            SampleParts parts,
            int part,
            int x,
            TreeMap<Integer, PairRows> into) {
        PairRows rows = into.computeIfAbsent(x, PairRows::new);
        parts.forEach(
                pair.x(), part, (first, count, half) -> rows.append(pair, first, count, half));
    }

    @Override
    public void tick(Tick tick, Consumer<CalibrationMessage> out) {
        clock.advance(tick);
        long lastClosed = Long.MIN_VALUE;
        while (!heldBack.isEmpty() && clock.closes(heldBack.firstKey())) {
            Map.Entry<Pane, TreeMap<Integer, PairRows>> pane = heldBack.pollFirstEntry();
            lastClosed = pane.getKey().end();
            send(pane.getKey(), pane.getValue(), out);
        }
        if (clock.closeThrough(lastClosed)) {
            byte[] progress = new ShardProgress(shard, clock.closedThrough()).toBytes();
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                out.accept(new CalibrationMessage(slot, progress));
            }
        }
    }

    /** The first stage has counted them. */
    @Override
    public void leftOut() {}

    @Override
    public void end(Consumer<CalibrationMessage> out) {
        heldBack.forEach((pane, pairs) -> send(pane, pairs, out));
        heldBack.clear();
        send(null, reference, out);
        reference.clear();
    }

    private void send(
            Pane pane, TreeMap<Integer, PairRows> pairs, Consumer<CalibrationMessage> out) {
        pairs.forEach(
                (x, rows) -> {
                    byte[] moments = rows.finish();
                    out.accept(
                            new CalibrationMessage(
                                    Slots.of(windows.interfaceName(x)),
                                    new MomentsSummary(shard, x, pane, moments).toBytes()));
                });
    }

    @Override
    public void close() {
        for (WindowRows rows : projected) {
            rows.close();
        }
    }

    /** Moments of all full blocks of an interface's rows, and the block that is being filled. */
    private final class PairRows {
        private final int x;
        private final InterfaceMoments moments;
        private final RowBlock blockX;
        private final RowBlock blockY;
        private final byte[] halves = new byte[settings.sketching().blockRows()];

        PairRows(int x) {
            this.x = x;
            this.moments = new InterfaceMoments(projected[x].window(), projected[x + 1].window());
            this.blockX = tools.blocks().take(projected[x].window().dimension());
            this.blockY = tools.blocks().take(projected[x + 1].window().dimension());
        }

        void append(LayerPairs.Pair pair, int first, int count, byte half) {
            int taken = 0;
            while (taken < count) {
                int at = blockX.rows();
                int rows = fill(blockX, pair.x(), first + taken, count - taken);
                fill(blockY, pair.y(), first + taken, rows);
                java.util.Arrays.fill(halves, at, at + rows, half);
                taken += rows;
                if (blockX.isFull()) {
                    flush();
                }
            }
        }

        private static int fill(RowBlock block, Layer layer, int first, int count) {
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            return block.append(layer.getData(), type, first, count);
        }

        byte[] finish() {
            if (blockX.rows() > 0) {
                flush();
            }
            tools.blocks().give(blockX);
            tools.blocks().give(blockY);
            return moments.toBytes();
        }

        private void flush() {
            projected[x].project(blockX, halves);
            projected[x + 1].project(blockY, halves);
            moments.update(projected[x], projected[x + 1]);
            blockX.clear();
            blockY.clear();
        }
    }
}
