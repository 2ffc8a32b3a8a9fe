package io.spectrawatch.ops.audit.record;

import io.spectrawatch.flink.monitor.config.DetectionDefinition;
import io.spectrawatch.flink.monitor.config.MemoryBudget;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Configures a replay as the recorded records say. */
public final class ReplaySettings {

    private static final Set<String> PROVIDERS = Set.of("host", "onnx-cpu", "cuda");

    /** What records of earlier releases do not name, and what these computed with. */
    public static final Map<String, String> SINCE =
            Map.of(
                    // Without a budget; this machine's memory must not decide.
                    MemoryDefinition.MEMORY_BUDGET.key(),
                    MemoryBudget.UNLIMITED,
                    // Without probes.
                    SketchDefinition.SKETCH_PROBES.key(),
                    "0",
                    // With fp64 products.
                    SketchDefinition.SKETCH_EXACT_ROUNDING.key(),
                    "0",
                    // Clients told apart by their name alone.
                    DetectionDefinition.DETECT_CLIENTS_BY_TENANT.key(),
                    "false",
                    // No sample of several parts.
                    DetectionDefinition.DETECT_OPEN_SAMPLES.key(),
                    "0",
                    // No trails of clients.
                    DetectionDefinition.DETECT_TRAILS_PER_DAY.key(),
                    "0",
                    DetectionDefinition.ALERTS_PER_DAY.key(),
                    "0.1",
                    DetectionDefinition.ATTACK_BEAT.key(),
                    "1000");

    private ReplaySettings() {}

    /**
     * The settings that all panes were recorded with.
     *
     * @throws AuditException if they differ between panes, or there are none
     */
    public static TreeMap<String, String> recorded(List<Entry> sketches) throws AuditException {
        TreeMap<String, String> settings = null;
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                TreeMap<String, String> own = new TreeMap<>(numerics(sketch).getSettings());
                if (settings != null && !settings.equals(own)) {
                    throw new AuditException(
                            "the job's settings change in the range, at the pane of "
                                    + Times.text(sketch.getPaneStart())
                                    + "; audit the panes before it and from it on by themselves");
                }
                settings = own;
            }
        }
        if (settings == null || settings.isEmpty()) {
            throw new AuditException(
                    "the records do not name the settings they were made with, so nothing can be"
                            + " replayed");
        }
        return settings;
    }

    /** The kernels that ran, where they were the same everywhere; else what the machine has. */
    public static String kernels(List<Entry> sketches) {
        Set<String> used =
                sketches.stream()
                        .filter(entry -> entry.decoded() instanceof LayerSketch)
                        .map(entry -> numerics((LayerSketch) entry.decoded()).getProvider())
                        .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.toSet());
        return used.size() == 1 && PROVIDERS.containsAll(used) ? used.iterator().next() : "auto";
    }

    /** With what records of earlier releases do not say. */
    static Map<String, String> completed(Map<String, String> recorded) {
        Map<String, String> settings = new HashMap<>(SINCE);
        settings.putAll(recorded);
        return settings;
    }

    /** All settings of the replay's job. */
    public static MonitorConfig config(
            Map<String, String> recorded,
            String kernels,
            LogPlan plan,
            Map<String, Object> client,
            String prefix,
            int parallelism) {
        Map<String, String> settings = completed(recorded);
        settings.put(SketchDefinition.KERNELS.key(), kernels);
        settings.put(MonitorDefinition.TOPIC_PREFIX.key(), prefix);
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(plan.ranges().size()));
        settings.put(MonitorDefinition.SOURCE_START.key(), offsets(plan, true));
        settings.put(MonitorDefinition.SOURCE_END.key(), offsets(plan, false));
        settings.put(MonitorDefinition.GROUP_ID.key(), "spectrawatch-audit");
        settings.put(MonitorDefinition.CLIENT_ID.key(), "spectrawatch-audit");
        settings.put(MonitorDefinition.PARALLELISM.key(), Integer.toString(parallelism));
        return MonitorConfig.fromMap(settings, client);
    }

    private static String offsets(LogPlan plan, boolean start) {
        return plan.ranges().stream()
                .map(range -> range.shard() + ":" + (start ? range.start() : range.end()))
                .collect(Collectors.joining(","));
    }

    private static NumericConfig numerics(LayerSketch sketch) {
        return sketch.getManifest().getNumerics();
    }
}
