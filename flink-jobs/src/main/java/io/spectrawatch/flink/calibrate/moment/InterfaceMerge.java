package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.stage.Merge;
import io.spectrawatch.flink.calibrate.window.LayerKey;
import io.spectrawatch.flink.calibrate.window.ReferenceWindows;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.EigengapTest;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * End of the second stage: merges the moments of each interface in shard order and freezes its
 * baseline, or says why there is none.
 */
public final class InterfaceMerge implements Merge {

    private final CalibrateSettings settings;
    private final ReferenceWindows windows;
    private final long[] closedThrough;
    private final TreeMap<Integer, Parts> interfaces = new TreeMap<>();

    public InterfaceMerge(CalibrateSettings settings, ReferenceWindows windows) {
        this.settings = settings;
        this.windows = windows;
        this.closedThrough = new long[settings.shards()];
        Arrays.fill(closedThrough, Long.MIN_VALUE);
    }

    @Override
    public void accept(byte[] payload) {
        if (MomentsSummary.matches(payload)) {
            MomentsSummary summary = MomentsSummary.fromBytes(payload);
            interfaces.computeIfAbsent(summary.x(), Parts::new).add(summary);
        } else {
            ShardProgress progress = ShardProgress.fromBytes(payload);
            closedThrough[progress.shard()] = progress.closedThrough();
            long complete = Arrays.stream(closedThrough).min().getAsLong();
            interfaces.values().forEach(parts -> parts.heldBack.closeThrough(complete));
        }
    }

    @Override
    public void end(Consumer<byte[]> out) {
        interfaces.values().forEach(parts -> out.accept(parts.calibrate().toBytes()));
    }

    @Override
    public void close() {
        interfaces.clear();
    }

    /** What the shards say about one interface. */
    private final class Parts {
        private final int x;
        private final FrozenWindow windowX;
        private final FrozenWindow windowY;
        private final TreeMap<Integer, byte[]> reference = new TreeMap<>();
        private final HeldBackPanes heldBack;

        Parts(int x) {
            this.x = x;
            this.windowX = windows.layers().get(x).window();
            this.windowY = windows.layers().get(x + 1).window();
            this.heldBack = new HeldBackPanes(windowX, windowY, settings.certifying().poolRows());
        }

        void add(MomentsSummary summary) {
            if (summary.pane() == null) {
                reference.put(summary.shard(), summary.moments());
            } else {
                heldBack.add(summary.pane(), summary.shard(), summary.moments());
            }
        }

        InterfaceOutcome calibrate() {
            InterfaceMoments rows = HeldBackPanes.merge(reference, windowX, windowY);
            InterfaceCalibration calibration =
                    Certificates.calibrate(
                            windows.interfaceName(x),
                            rows,
                            heldBack.finish(),
                            groups(),
                            settings.certifying(),
                            windowX.ofChannels()
                                    ? null
                                    : new EigengapTest(
                                            windows.layers().get(x).spectrum(), windowX.rank()),
                            windows.layers().size() - 1);
            return new InterfaceOutcome(
                    x,
                    rows.rows(),
                    heldBack.rows(),
                    heldBack.panes(),
                    calibration.accepted() ? null : calibration.refusal(),
                    calibration.accepted() ? calibration.baseline().toBytes() : new byte[0]);
        }

        /**
         * Blocks of the layer's channels; of those that were chosen where a choice is the window.
         */
        private RowGroups groups() {
            LayerKey y = windows.layers().get(x + 1).layer();
            RowGroups blocks =
                    RowGroups.equalBlocks(y.columns(), settings.groupsOf(y.name(), y.columns()));
            return windowY.ofChannels() ? blocks.of(windowY) : blocks;
        }
    }
}
