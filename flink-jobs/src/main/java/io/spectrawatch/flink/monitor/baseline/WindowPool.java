package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.HashMap;
import java.util.Map;

/**
 * The projections of one subtask, shared by the open panes of all shards: one per layer of each
 * baseline in use. They hold a copy of the window's basis, which at 4,096 columns is a mebibyte.
 */
public final class WindowPool {

    private final Kernels kernels;
    private final int blockRows;
    private final Map<String, Entry> entries = new HashMap<>();

    WindowPool(Kernels kernels, int blockRows) {
        this.kernels = kernels;
        this.blockRows = blockRows;
    }

    /** The projections of a baseline's layers, in their order; to be given back once per call. */
    public WindowRows[] take(ModelBaseline baseline) {
        Entry entry = entries.computeIfAbsent(baseline.id(), id -> open(baseline));
        entry.users++;
        return entry.windows;
    }

    public void give(ModelBaseline baseline) {
        Entry entry = entries.get(baseline.id());
        entry.users--;
        if (entry.users == 0) {
            entries.remove(baseline.id());
            for (WindowRows window : entry.windows) {
                window.close();
            }
        }
    }

    private Entry open(ModelBaseline baseline) {
        return new Entry(
                baseline.layers().stream()
                        .map(layer -> new WindowRows(kernels, layer.window(), blockRows))
                        .toArray(WindowRows[]::new));
    }

    private static final class Entry {
        private final WindowRows[] windows;
        private int users;

        Entry(WindowRows[] windows) {
            this.windows = windows;
        }
    }
}
