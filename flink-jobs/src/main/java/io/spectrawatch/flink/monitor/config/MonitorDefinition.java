package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.log.SourceOffsets;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Types, defaults, ranges and descriptions of the keys of {@link MonitorConfig}. */
final class MonitorDefinition {

    /** The broker's own limit, transaction.max.timeout.ms, unless an operator changed it. */
    private static final int BROKER_TRANSACTION_LIMIT_MILLIS = 15 * 60 * 1000;

    /** As many shards or buckets as subtasks share evenly; see the spread of keys. */
    private static final int DEFAULT_MAX_PARALLELISM = 1024;

    private static final int FLINK_MAX_PARALLELISM = 1 << 15;

    private MonitorDefinition() {}

    static ConfigDef all() {
        ConfigDef definition = new ConfigDef();
        defineInput(definition);
        defineSketch(definition);
        defineAlerts(definition);
        DetectionDefinition.define(definition);
        MemoryDefinition.define(definition);
        defineRuntime(definition);
        return definition;
    }

    private static void defineInput(ConfigDef definition) {
        definition
                .define(
                        MonitorConfig.BOOTSTRAP_SERVERS,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Kafka brokers, host:port, separated by commas.")
                .define(
                        MonitorConfig.TOPIC_PREFIX,
                        Type.STRING,
                        Topics.DEFAULT_PREFIX,
                        Importance.MEDIUM,
                        "Prefix of the topics' names.")
                .define(
                        MonitorConfig.OUTPUT_TOPIC_PREFIX,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Prefix of the topics that are written, for a second run over one log; empty:"
                                + " that of all topics.")
                .define(
                        MonitorConfig.SHARDS,
                        Type.INT,
                        4,
                        atLeast(1),
                        Importance.HIGH,
                        "Partitions of the validated topic; every tick must say the same number.")
                .define(
                        MonitorConfig.GROUP_ID,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "Consumer group under which read offsets are committed, for lag monitoring.")
                .define(
                        MonitorConfig.CLIENT_ID,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "Client id (of the source: its prefix) that brokers see.")
                .define(
                        MonitorConfig.SOURCE_START,
                        Type.STRING,
                        SourceOffsets.EARLIEST,
                        Importance.MEDIUM,
                        "Where a job without state starts: earliest, committed (the group's offsets,"
                                + " earliest where there are none), or partition:offset for every shard,"
                                + " separated by commas. Only earliest and the offsets of an audit give"
                                + " whole panes; committed continues in the middle of those that were"
                                + " open.")
                .define(
                        MonitorConfig.SOURCE_END,
                        Type.STRING,
                        "",
                        Importance.LOW,
                        "Where the job ends: partition:offset (exclusive) for every shard, separated"
                                + " by commas; empty: never.");
    }

    private static void defineSketch(ConfigDef definition) {
        definition
                .define(
                        MonitorConfig.SKETCH_KIND,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "exact", "frequent-directions"),
                        Importance.MEDIUM,
                        "How a layer's second moment is kept; auto takes the exact moment where the"
                                + " layer is narrow against sketch.rows and fits"
                                + " sketch.exact.memory.bytes.")
                .define(
                        MonitorConfig.SKETCH_KIND_EXACT_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Layers kept exact whatever sketch.kind says: names, or * and an ending.")
                .define(
                        MonitorConfig.SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Layers sketched by alpha-Frequent-Directions whatever sketch.kind says:"
                                + " names, or * and an ending; a layer narrower than sketch.rows stays"
                                + " exact.")
                .define(
                        MonitorConfig.SKETCH_ROWS,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.MEDIUM,
                        "Directions a sketch keeps, l.")
                .define(
                        MonitorConfig.SKETCH_EXACT_MEMORY,
                        Type.LONG,
                        64L << 20,
                        atLeast(0),
                        Importance.LOW,
                        "Largest exact moment that auto keeps, bytes.")
                .define(
                        MonitorConfig.BLOCK_ROWS,
                        Type.STRING,
                        BlockRows.AUTO,
                        (name, value) -> BlockRows.parse(name, (String) value),
                        Importance.LOW,
                        "Rows per update of a sketch, B: a number, or auto: 64, and up to 256 for"
                                + " layers kept by alpha-Frequent-Directions where memory.budget has"
                                + " room.")
                .define(
                        MonitorConfig.ALPHA,
                        Type.DOUBLE,
                        0.5,
                        between(0, 1),
                        Importance.LOW,
                        "Share of a sketch's directions that shrink.")
                .define(
                        MonitorConfig.SKETCH_PROBES,
                        Type.INT,
                        16,
                        between(0, 64),
                        Importance.LOW,
                        "Gaussian probes of a layer kept by alpha-Frequent-Directions, 8 bytes per"
                                + " column each: they narrow the intervals that hold with 95 %; 0"
                                + " for none. Layers already open in a savepoint go on as they"
                                + " were.")
                .define(
                        MonitorConfig.SKETCH_PROBE_SEED,
                        Type.LONG,
                        1L,
                        Importance.LOW,
                        "Seed of the probes, of any value. The 95 % hold for rows that do not"
                                + " depend on it: whoever can choose rows should not know it.")
                .define(
                        MonitorConfig.KERNELS,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "host", "onnx-cpu", "cuda"),
                        Importance.MEDIUM,
                        "What does the dense arithmetic.")
                .define(
                        MonitorConfig.BASIS_VECTORS,
                        Type.INT,
                        32,
                        between(0, 64),
                        Importance.MEDIUM,
                        "Most basis vectors published per layer and pane, k; fewer for layers so"
                                + " wide that k vectors pass 4 MiB.")
                .define(
                        MonitorConfig.SPECTRUM_LENGTH,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.LOW,
                        "Most eigenvalues published per layer and pane.")
                .define(
                        MonitorConfig.PUBLISH_SKETCH,
                        Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether the whole sketch follows its summary in chunks.")
                .define(
                        MonitorConfig.MERGE_BUCKETS,
                        Type.INT,
                        32,
                        between(1, 1024),
                        Importance.LOW,
                        "Keys over which the merging of shards is spread.");
    }

    private static void defineAlerts(ConfigDef definition) {
        definition
                .define(
                        MonitorConfig.ALERT_ALPHA,
                        Type.DOUBLE,
                        EvidenceOptions.DEFAULT_ALPHA,
                        between(1e-12, 0.5),
                        Importance.HIGH,
                        "False-alarm level of the drift alerts of the whole fleet, as"
                                + " alert.horizon reads it, while the mean of every score stays at"
                                + " what its baseline tolerates; each calibration of that mean may"
                                + " err besides, with probability 0.005.")
                .define(
                        MonitorConfig.ALERT_STREAMS,
                        Type.INT,
                        256,
                        atLeast(1),
                        Importance.HIGH,
                        "Interfaces that share that level, over all models and versions the fleet will"
                                + " ever watch; each gets alert.alpha divided by them. With more than"
                                + " these the level of the fleet is passed.")
                .define(
                        MonitorConfig.ALERT_HORIZON,
                        Type.STRING,
                        "anytime",
                        ValidString.in("anytime", "run-length"),
                        Importance.MEDIUM,
                        "What the level bounds: anytime, the probability of any false drift alert ever;"
                                + " run-length, one over the expected pools between two false ones, which"
                                + " finds drift sooner.")
                .define(
                        MonitorConfig.ALERT_CALM_PANES,
                        Type.INT,
                        AlertOptions.DEFAULT_CALM_PANES,
                        atLeast(1),
                        Importance.LOW,
                        "Consecutive calm pools after which an alert is resolved.")
                .define(
                        MonitorConfig.ALERT_STRUCTURE_NEEDS_DRIFT,
                        Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether STRUCTURE_CHANGED waits for CERTIFICATE_DRIFT, because sampling alone"
                                + " can flip elements of one pool.");
    }

    private static void defineRuntime(ConfigDef definition) {
        definition
                .define(
                        MonitorConfig.PARALLELISM,
                        Type.INT,
                        0,
                        atLeast(0),
                        Importance.MEDIUM,
                        "Subtasks per operator; 0: as the cluster says, and in the process of the"
                                + " monitor command one per processor, at most shards (there 1 unless"
                                + " given). More than shards are idle.")
                .define(
                        MonitorConfig.MAX_PARALLELISM,
                        Type.INT,
                        DEFAULT_MAX_PARALLELISM,
                        between(1, FLINK_MAX_PARALLELISM),
                        Importance.LOW,
                        "Key groups of the state; at least parallelism x shards spreads evenly.")
                .define(
                        MonitorConfig.CHECKPOINT_INTERVAL,
                        Type.LONG,
                        10_000L,
                        atLeast(10),
                        Importance.MEDIUM,
                        "Time between checkpoints, and so until published sketches are visible.")
                .define(
                        MonitorConfig.CHECKPOINT_DIR,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Folder (URI) of the checkpoints; empty: as the cluster says. Without any,"
                                + " Flink keeps them in memory and refuses more than 5 MiB per subtask.")
                .define(
                        MonitorConfig.TRANSACTIONAL_ID_PREFIX,
                        Type.STRING,
                        "spectrawatch-monitor",
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Prefix of the sink's transactional ids; unique per job on a Kafka cluster.")
                .define(
                        MonitorConfig.TRANSACTION_TIMEOUT,
                        Type.INT,
                        600_000,
                        between(1_000, BROKER_TRANSACTION_LIMIT_MILLIS),
                        Importance.LOW,
                        "After this a broker aborts a transaction; longer than any outage that must"
                                + " not lose sketches, shorter than the brokers'"
                                + " transaction.max.timeout.ms.");
    }
}
