package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.spectral.kernel.KernelDescription;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;

/** Parts of the manifests that say what reproduces a record. */
public final class Manifests {

    private Manifests() {}

    /** What one shard gave to a pane. */
    public static ShardInput.Builder shard(
            int shard, ModelInput input, long closedAtOffset, long rows) {
        return ShardInput.newBuilder()
                .setShard(shard)
                .setFirstOffset(input.firstOffset())
                .setLastOffset(input.lastOffset())
                .setClosedAtOffset(closedAtOffset)
                .setSnapshots(input.snapshots())
                .setRows(rows)
                .setChain(ByteBuffer.wrap(input.chain()));
    }

    /**
     * Names every kernel that took part, so that a mixed cluster shows in the manifest.
     *
     * @param blockRows rows of a block
     */
    public static NumericConfig numerics(
            Collection<KernelDescription> used, int blockRows, SketchSettings settings) {
        return NumericConfig.newBuilder()
                .setProvider(distinct(used, k -> k.provider().toLowerCase(Locale.ROOT)))
                .setLibrary(distinct(used, KernelDescription::library))
                .setLibraryVersion(distinct(used, KernelDescription::libraryVersion))
                .setCoreName(distinct(used, KernelDescription::coreName))
                .setDevice(distinct(used, KernelDescription::device))
                .setThreads(used.stream().mapToInt(KernelDescription::threads).max().orElse(0))
                .setBlockRows(blockRows)
                .setJavaVersion(Integer.toString(Runtime.version().feature()))
                .setSettings(settings.recorded())
                .build();
    }

    private static String distinct(
            Collection<KernelDescription> used, Function<KernelDescription, String> field) {
        TreeSet<String> values = new TreeSet<>();
        used.forEach(kernel -> values.add(field.apply(kernel)));
        return String.join("+", values);
    }
}
