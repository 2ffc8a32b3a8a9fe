package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Types, defaults, ranges and descriptions of the keys of {@link MonitorConfig} about memory. */
final class MemoryDefinition {

    /** As many as a process of 2 GiB heap can watch in the usual sizes, see sizing.md. */
    private static final int DEFAULT_MODELS = 4;

    private static final int MOST_MODELS = 100_000;

    /** An hour of panes of a minute. */
    private static final int DEFAULT_IDLE_PANES = 60;

    /** Ingest's own default. */
    private static final long DEFAULT_SKEW_MILLIS = 30_000;

    private static final long DEFAULT_DRIFT_MILLIS = 60_000;
    private static final long MOST_MILLIS = 366L * 24 * 60 * 60 * 1000;

    private MemoryDefinition() {}

    static void define(ConfigDef definition) {
        definition
                .define(
                        MonitorConfig.MEMORY_BUDGET,
                        Type.STRING,
                        MemoryBudget.AUTO,
                        (name, value) -> MemoryBudget.parse(name, (String) value),
                        Importance.HIGH,
                        "What all sketches may take together, wherever subtasks run: sizes such as"
                                + " heap=1g,native=1536m; auto: half of this process's heap and three"
                                + " quarters of the native memory its limits leave; unlimited: nothing"
                                + " is decided by memory. Recorded with its sizes.")
                .define(
                        MonitorConfig.MODELS_MAX,
                        Type.INT,
                        DEFAULT_MODELS,
                        between(1, MOST_MODELS),
                        Importance.HIGH,
                        "Models (id, version and digest) watched at a time by a shard, each with the"
                                + " same share of memory.budget; one that finds no place is not watched,"
                                + " which a record says.")
                .define(
                        MonitorConfig.MODELS_IDLE_PANES,
                        Type.INT,
                        DEFAULT_IDLE_PANES,
                        atLeast(1),
                        Importance.LOW,
                        "Panes without data after which a model gives its place to a new one.")
                .define(
                        MonitorConfig.CLOCK_SKEW,
                        Type.LONG,
                        DEFAULT_SKEW_MILLIS,
                        between(0, MOST_MILLIS),
                        Importance.LOW,
                        "How far panes may begin ahead of the log's time, milliseconds: ingest's"
                                + " max.clock.skew.ms. It and the lateness say how many panes of a model"
                                + " are open at once; further ones are not watched.")
                .define(
                        MonitorConfig.SHARD_DRIFT,
                        Type.LONG,
                        DEFAULT_DRIFT_MILLIS,
                        between(1, MOST_MILLIS),
                        Importance.LOW,
                        "How far one shard is read ahead of the slowest one, in log time,"
                                + " milliseconds: what is closed waits for it in memory.");
    }
}
