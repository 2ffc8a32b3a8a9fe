package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** What sketches may take, and how many models share it. */
public final class MemoryDefinition {

    /** As many as a process of 2 GiB heap can watch in the usual sizes, see sizing.md. */
    private static final int DEFAULT_MODELS = 4;

    private static final int MOST_MODELS = 100_000;

    /** An hour of panes of a minute. */
    private static final int DEFAULT_IDLE_PANES = 60;

    /** Ingest's own default. */
    private static final long DEFAULT_SKEW_MILLIS = 30_000;

    private static final long DEFAULT_DRIFT_MILLIS = 60_000;
    private static final long MOST_MILLIS = 366L * 24 * 60 * 60 * 1000;

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<MemoryBudget> MEMORY_BUDGET =
            SETTINGS.add(
                    Setting.parsed(
                                    "memory.budget",
                                    MemoryBudget.AUTO,
                                    "auto, unlimited, or heap=SIZE,native=SIZE",
                                    MemoryBudget::parse)
                            .means(
                                    Importance.HIGH,
                                    "What all sketches may take together, wherever subtasks run:"
                                            + " sizes such as heap=1g,native=1536m; auto: half"
                                            + " of this process's heap and three quarters of the"
                                            + " native memory its limits leave; unlimited:"
                                            + " nothing is decided by memory. Recorded with its"
                                            + " sizes.")
                            .recorded());

    public static final Setting<Integer> MODELS_MAX =
            SETTINGS.add(
                    Setting.integer("models.max", DEFAULT_MODELS)
                            .in(between(1, MOST_MODELS))
                            .means(
                                    Importance.HIGH,
                                    "Models (id, version and digest) watched at a time by a"
                                            + " shard, each with the same share of"
                                            + " memory.budget; one that finds no place is not"
                                            + " watched, which a record says.")
                            .recorded());

    public static final Setting<Integer> MODELS_IDLE_PANES =
            SETTINGS.add(
                    Setting.integer("models.idle.panes", DEFAULT_IDLE_PANES)
                            .in(atLeast(1))
                            .means(
                                    Importance.LOW,
                                    "Panes without data after which a model gives its place to a"
                                            + " new one.")
                            .recorded());

    public static final Setting<Long> CLOCK_SKEW =
            SETTINGS.add(
                    Setting.longInteger("clock.skew.ms", DEFAULT_SKEW_MILLIS)
                            .in(between(0, MOST_MILLIS))
                            .means(
                                    Importance.LOW,
                                    "How far panes may begin ahead of the log's time,"
                                            + " milliseconds: ingest's max.clock.skew.ms. It and"
                                            + " the lateness say how many panes of a model are"
                                            + " open at once; further ones are not watched.")
                            .recorded());

    public static final Setting<Long> SHARD_DRIFT =
            SETTINGS.add(
                    Setting.longInteger("shard.drift.ms", DEFAULT_DRIFT_MILLIS)
                            .in(between(1, MOST_MILLIS))
                            .means(
                                    Importance.LOW,
                                    "How far one shard is read ahead of the slowest one, in log"
                                            + " time, milliseconds: what is closed waits for it"
                                            + " in memory.")
                            .recorded());

    private MemoryDefinition() {}
}
