package io.spectrawatch.flink.calibrate.config;

import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.ALPHA;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.BLOCK_ROWS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.BOOTSTRAP_SERVERS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.CHANNELS_LAYERS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.CLIENT_ID;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.DRIFT_TOLERANCE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.EDGE_THRESHOLD;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.ENERGY_SHARE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.FEWEST_ACTIVE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.GROUPS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.GROUPS_LAYERS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.GROUP_ID;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.HUB_DEGREE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.KERNELS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MAX_PARALLELISM;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MINIMUM_CERTIFIED;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MINIMUM_ROWS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MODE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MODEL_ID;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MODEL_VERSION;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MOST_ACTIVE_SHARE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.MOST_POOL_ROWS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.NOISE_CAP;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.OFFSETS_END;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.OFFSETS_START;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.PARALLELISM;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.POOL_ROWS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.ROW_ANGLE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SCOPE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SHARDS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SKETCH_EXACT_MEMORY;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SKETCH_KIND;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SKETCH_ROWS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SPECTRUM_TOLERANCE;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SPLIT_SEED;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.SUPPORTS;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.TIME_END;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.TIME_START;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.TOPIC_PREFIX;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.WEAK_ROW;
import static io.spectrawatch.flink.calibrate.config.CalibrateConfig.WINDOW_RANK;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Every setting of a calibration: type, default, allowed values and meaning. */
final class CalibrateDefinition {

    /** As many shards or slots as subtasks share evenly. */
    private static final int DEFAULT_MAX_PARALLELISM = 1024;

    private static final int FLINK_MAX_PARALLELISM = 1 << 15;

    private static final double RIGHT_ANGLE = 90;

    private CalibrateDefinition() {}

    static ConfigDef define() {
        ConfigDef definition = new ConfigDef();
        defineInput(definition);
        defineWindows(definition);
        defineCertificate(definition, CertificateOptions.defaults());
        defineEvidence(definition, CertificateOptions.defaults());
        DetectDefinition.define(definition);
        defineRuntime(definition);
        return definition;
    }

    private static void defineInput(ConfigDef definition) {
        definition
                .define(
                        BOOTSTRAP_SERVERS,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "Kafka brokers, host:port, separated by commas.")
                .define(
                        TOPIC_PREFIX,
                        Type.STRING,
                        Topics.DEFAULT_PREFIX,
                        Importance.MEDIUM,
                        "Prefix of the topics validated and baselines.")
                .define(
                        SHARDS,
                        Type.INT,
                        4,
                        atLeast(1),
                        Importance.HIGH,
                        "Partitions of the validated topic; every tick must say the same number.")
                .define(
                        GROUP_ID,
                        Type.STRING,
                        "spectrawatch-calibrate",
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "Consumer group of the reads; nothing is committed under it.")
                .define(
                        CLIENT_ID,
                        Type.STRING,
                        "spectrawatch-calibrate",
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "Prefix of the client ids that brokers see.")
                .define(
                        MODEL_ID,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "The model, as its snapshots call it.")
                .define(
                        MODEL_VERSION,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Its version; empty: the only one in the range.")
                .define(
                        TIME_START,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Start of the trusted range by the log's time, ISO 8601.")
                .define(
                        TIME_END,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Its end, exclusive; what is beyond the log's end is cut off there.")
                .define(
                        OFFSETS_START,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Start of the range as partition:offset for every shard, separated by"
                                + " commas; instead of times.")
                .define(
                        OFFSETS_END,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Its end, exclusive, likewise.");
    }

    private static void defineWindows(ConfigDef definition) {
        definition
                .define(
                        SPLIT_SEED,
                        Type.LONG,
                        1L,
                        Importance.MEDIUM,
                        "Seed of the hash that splits samples: into windows, reference and held-back"
                                + " panes here, into halves in every monitored pane.")
                .define(
                        WINDOW_RANK,
                        Type.INT,
                        32,
                        between(1, 1024),
                        Importance.HIGH,
                        "Directions of a layer's frozen window, k; fewer where the layer carries"
                                + " fewer.")
                .define(
                        CHANNELS_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "Layers that are watched in chosen channels instead of their leading"
                                + " directions, as layer:first-last or layer:channel, separated by"
                                + " commas, several for a layer; a layer is a name, or * and an"
                                + " ending. Certificates are then about this sub-matrix, exactly.")
                .define(
                        SKETCH_KIND,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "exact", "frequent-directions"),
                        Importance.LOW,
                        "How a layer's second moment is kept until its window is taken.")
                .define(
                        SKETCH_ROWS,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.MEDIUM,
                        "Directions such a sketch keeps, l.")
                .define(
                        SKETCH_EXACT_MEMORY,
                        Type.LONG,
                        64L << 20,
                        atLeast(0),
                        Importance.LOW,
                        "Largest exact moment that auto keeps, bytes.")
                .define(
                        BLOCK_ROWS,
                        Type.INT,
                        64,
                        between(1, 4096),
                        Importance.LOW,
                        "Rows per update of a sketch or moment, B.")
                .define(
                        ALPHA,
                        Type.DOUBLE,
                        0.5,
                        between(0, 1),
                        Importance.LOW,
                        "Share of a sketch's directions that shrink.")
                .define(
                        KERNELS,
                        Type.STRING,
                        "auto",
                        ValidString.in("auto", "host", "onnx-cpu", "cuda"),
                        Importance.LOW,
                        "What does the dense arithmetic.");
    }

    private static void defineCertificate(ConfigDef definition, CertificateOptions defaults) {
        ThresholdOptions thresholds = defaults.thresholds();
        definition
                .define(
                        GROUPS,
                        Type.INT,
                        8,
                        between(1, 1024),
                        Importance.HIGH,
                        "Equal blocks of output channels whose supports are certified; a layer's"
                                + " attention heads are a good choice.")
                .define(
                        GROUPS_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "Blocks of single layers as layer:blocks, separated by commas; a layer is a"
                                + " name, or * and an ending.")
                .define(
                        MODE,
                        Type.STRING,
                        "physical",
                        ValidString.in("physical", "source-modes"),
                        Importance.MEDIUM,
                        "What columns are: input channels, or directions of the first layer's window"
                                + " where each passes the eigengap test.")
                .define(
                        SCOPE,
                        Type.STRING,
                        "windowed",
                        ValidString.in("windowed", "full"),
                        Importance.MEDIUM,
                        "Which matrix is certified: the transport between the windows, or the full"
                                + " one, whose truncation error usually refuses.")
                .define(
                        SUPPORTS,
                        Type.STRING,
                        "threshold",
                        ValidString.in("threshold", "rank"),
                        Importance.MEDIUM,
                        "What a group's support is: the columns above a frozen threshold, or as many"
                                + " of the largest columns as the reference has above its largest"
                                + " gap; the latter does not see a scale that all columns share.")
                .define(
                        ENERGY_SHARE,
                        Type.DOUBLE,
                        thresholds.energyShare(),
                        between(0, 1),
                        Importance.LOW,
                        "Share of a group's squared energy that its active columns hold at least.")
                .define(
                        FEWEST_ACTIVE,
                        Type.INT,
                        thresholds.fewestActive(),
                        atLeast(1),
                        Importance.LOW,
                        "Fewest active columns of a group.")
                .define(
                        MOST_ACTIVE_SHARE,
                        Type.DOUBLE,
                        thresholds.mostActiveShare(),
                        between(0, 1),
                        Importance.LOW,
                        "Most active columns, as a share of all.")
                .define(
                        EDGE_THRESHOLD,
                        Type.DOUBLE,
                        thresholds.eta(),
                        atLeast(0),
                        Importance.LOW,
                        "Energy both groups of an edge exceed in one column; 0: the largest activity"
                                + " threshold.")
                .define(
                        HUB_DEGREE,
                        Type.INT,
                        thresholds.hubDegree(),
                        atLeast(0),
                        Importance.LOW,
                        "Groups that make a column a hub; 0: half of them, at least 3.")
                .define(
                        NOISE_CAP,
                        Type.DOUBLE,
                        defaults.noiseCap(),
                        between(0, 1),
                        Importance.LOW,
                        "Share of the matrix's norm that the noise part may have.")
                .define(
                        WEAK_ROW,
                        Type.DOUBLE,
                        defaults.weakRow(),
                        between(0, 1),
                        Importance.LOW,
                        "Rows below this share of the root-mean-square row are weak.")
                .define(
                        ROW_ANGLE,
                        Type.DOUBLE,
                        Math.toDegrees(defaults.rowAngle()),
                        between(0, RIGHT_ANGLE),
                        Importance.LOW,
                        "Angle up to which a row is aligned with its reference, degrees.");
    }

    private static void defineEvidence(ConfigDef definition, CertificateOptions defaults) {
        definition
                .define(
                        MINIMUM_ROWS,
                        Type.LONG,
                        defaults.minimumRows(),
                        atLeast(4),
                        Importance.MEDIUM,
                        "Rows below which nothing is certified, here and in every pane.")
                .define(
                        MINIMUM_CERTIFIED,
                        Type.DOUBLE,
                        defaults.minimumCertified(),
                        between(0, 1),
                        Importance.MEDIUM,
                        "Share of elements that both halves of the reference must resolve.")
                .define(
                        POOL_ROWS,
                        Type.LONG,
                        defaults.poolRows(),
                        atLeast(4),
                        Importance.HIGH,
                        "Rows of a pooled pane to begin with; doubled until held-back pools can bound"
                                + " the drift score's mean without change.")
                .define(
                        MOST_POOL_ROWS,
                        Type.LONG,
                        defaults.mostPoolRows(),
                        atLeast(4),
                        Importance.MEDIUM,
                        "Rows of a pooled pane beyond which no drift test is offered.")
                .define(
                        DRIFT_TOLERANCE,
                        Type.DOUBLE,
                        defaults.driftTolerance(),
                        between(0, 1),
                        Importance.HIGH,
                        "Tolerated mean of the margin-consumption score, mu0: a squared share of the"
                                + " margins. 0 takes it from the held-back panes, from 0.001 to"
                                + " 0.04: a bound of the mean without change, at least twice that"
                                + " mean.")
                .define(
                        SPECTRUM_TOLERANCE,
                        Type.DOUBLE,
                        defaults.spectrumTolerance(),
                        between(0, 1),
                        Importance.HIGH,
                        "Tolerated mean of the squared Hellinger distance of the window spectra. 0"
                                + " takes it from the held-back panes, from 0.0001 to 0.004.");
    }

    private static void defineRuntime(ConfigDef definition) {
        definition
                .define(
                        PARALLELISM,
                        Type.INT,
                        0,
                        atLeast(0),
                        Importance.MEDIUM,
                        "Subtasks per operator; 0: as the cluster says. The result is the same.")
                .define(
                        MAX_PARALLELISM,
                        Type.INT,
                        DEFAULT_MAX_PARALLELISM,
                        between(1, FLINK_MAX_PARALLELISM),
                        Importance.LOW,
                        "Key groups; at least parallelism x shards spreads evenly.");
    }
}
