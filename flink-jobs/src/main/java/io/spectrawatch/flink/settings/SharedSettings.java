package io.spectrawatch.flink.settings;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * Settings that every job has, with one key, type, default and range; where a job uses one in
 * another way, it says so in words of its own.
 */
public final class SharedSettings {

    public static final Setting<String> BOOTSTRAP_SERVERS =
            Setting.required("bootstrap.servers")
                    .means(Importance.HIGH, "Kafka brokers, host:port, separated by commas.");

    public static final Setting<String> TOPIC_PREFIX =
            Setting.text("topic.prefix", Topics.DEFAULT_PREFIX)
                    .means(Importance.MEDIUM, "Prefix of the topics' names.");

    public static final Setting<Integer> SHARDS =
            Setting.integer("shards", 4)
                    .in(atLeast(1))
                    .means(
                            Importance.HIGH,
                            "Partitions of the validated topic; every tick must say the same"
                                    + " number.");

    public static final Setting<SketchKind> SKETCH_KIND =
            Setting.choice("sketch.kind", SketchKind.AUTO)
                    .means(
                            Importance.MEDIUM,
                            "How a layer's second moment is kept; auto takes the exact moment where"
                                    + " the layer is narrow against sketch.rows and fits"
                                    + " sketch.exact.memory.bytes.");

    public static final Setting<Integer> SKETCH_ROWS =
            Setting.integer("sketch.rows", 64)
                    .in(between(1, 4096))
                    .means(Importance.MEDIUM, "Directions a sketch keeps, l.");

    public static final Setting<Long> SKETCH_EXACT_MEMORY =
            Setting.longInteger("sketch.exact.memory.bytes", 64L << 20)
                    .in(atLeast(0))
                    .means(Importance.LOW, "Largest exact moment that auto keeps, bytes.");

    public static final Setting<Double> ALPHA =
            Setting.real("alpha", 0.5)
                    .in(between(0, 1))
                    .means(Importance.LOW, "Share of a sketch's directions that shrink.");

    public static final Setting<KernelChoice> KERNELS =
            Setting.choice("kernels", KernelChoice.AUTO)
                    .means(Importance.MEDIUM, "What does the dense arithmetic.");

    public static final Setting<Integer> PARALLELISM =
            Setting.integer("parallelism", 0)
                    .in(atLeast(0))
                    .means(Importance.MEDIUM, "Subtasks per operator; 0: as the cluster says.");

    /** As many key groups as shards or buckets spread evenly over, and at most as Flink has. */
    public static final Setting<Integer> MAX_PARALLELISM =
            Setting.integer("max.parallelism", 1024)
                    .in(between(1, 1 << 15))
                    .means(
                            Importance.LOW,
                            "Key groups; at least parallelism x shards spreads evenly.");

    private SharedSettings() {}
}
