package io.spectrawatch.flink.calibrate.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** What is certified, and the evidence that it takes. */
public final class CertificateDefinition {

    private static final CertificateOptions DEFAULTS = CertificateOptions.defaults();
    private static final ThresholdOptions THRESHOLDS = DEFAULTS.thresholds();
    private static final double RIGHT_ANGLE = 90;

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<Integer> GROUPS =
            SETTINGS.add(
                    Setting.integer("groups", 8)
                            .in(between(1, 1024))
                            .means(
                                    Importance.HIGH,
                                    "Equal blocks of output channels whose supports are"
                                            + " certified; a layer's attention heads are a good"
                                            + " choice."));

    public static final Setting<List<String>> GROUPS_LAYERS =
            SETTINGS.add(
                    Setting.list("groups.layers")
                            .means(
                                    Importance.MEDIUM,
                                    "Blocks of single layers as layer:blocks, separated by"
                                            + " commas; a layer is a name, or * and an ending."));

    public static final Setting<CertificateOptions.Mode> MODE =
            SETTINGS.add(
                    Setting.choice("mode", DEFAULTS.mode())
                            .means(
                                    Importance.MEDIUM,
                                    "What columns are: input channels, or directions of the"
                                            + " first layer's window where each passes the"
                                            + " eigengap test."));

    public static final Setting<CertificateOptions.Scope> SCOPE =
            SETTINGS.add(
                    Setting.choice("scope", DEFAULTS.scope())
                            .means(
                                    Importance.MEDIUM,
                                    "Which matrix is certified: the transport between the"
                                            + " windows, or the full one, whose truncation error"
                                            + " usually refuses."));

    public static final Setting<ThresholdOptions.Supports> SUPPORTS =
            SETTINGS.add(
                    Setting.choice("supports", THRESHOLDS.supports())
                            .means(
                                    Importance.MEDIUM,
                                    "What a group's support is: the columns above a frozen"
                                            + " threshold, or as many of the largest columns as"
                                            + " the reference has above its largest gap; the"
                                            + " latter does not see a scale that all columns"
                                            + " share."));

    public static final Setting<Double> ENERGY_SHARE =
            SETTINGS.add(
                    Setting.real("threshold.energy.share", THRESHOLDS.energyShare())
                            .in(between(0, 1))
                            .means(
                                    Importance.LOW,
                                    "Share of a group's squared energy that its active columns"
                                            + " hold at least."));

    public static final Setting<Integer> FEWEST_ACTIVE =
            SETTINGS.add(
                    Setting.integer("threshold.fewest.active", THRESHOLDS.fewestActive())
                            .in(atLeast(1))
                            .means(Importance.LOW, "Fewest active columns of a group."));

    public static final Setting<Double> MOST_ACTIVE_SHARE =
            SETTINGS.add(
                    Setting.real("threshold.most.active.share", THRESHOLDS.mostActiveShare())
                            .in(between(0, 1))
                            .means(Importance.LOW, "Most active columns, as a share of all."));

    public static final Setting<Double> EDGE_THRESHOLD =
            SETTINGS.add(
                    Setting.real("edge.threshold", THRESHOLDS.eta())
                            .in(atLeast(0))
                            .means(
                                    Importance.LOW,
                                    "Energy both groups of an edge exceed in one column; 0: the"
                                            + " largest activity threshold."));

    public static final Setting<Integer> HUB_DEGREE =
            SETTINGS.add(
                    Setting.integer("hub.degree", THRESHOLDS.hubDegree())
                            .in(atLeast(0))
                            .means(
                                    Importance.LOW,
                                    "Groups that make a column a hub; 0: half of them, at least"
                                            + " 3."));

    public static final Setting<Double> NOISE_CAP =
            SETTINGS.add(
                    Setting.real("noise.cap", DEFAULTS.noiseCap())
                            .in(between(0, 1))
                            .means(
                                    Importance.LOW,
                                    "Share of the matrix's norm that the noise part may have."));

    public static final Setting<Double> WEAK_ROW =
            SETTINGS.add(
                    Setting.real("weak.row", DEFAULTS.weakRow())
                            .in(between(0, 1))
                            .means(
                                    Importance.LOW,
                                    "Rows below this share of the root-mean-square row are weak."));

    public static final Setting<Double> ROW_ANGLE =
            SETTINGS.add(
                    Setting.real("row.angle.degrees", Math.toDegrees(DEFAULTS.rowAngle()))
                            .in(between(0, RIGHT_ANGLE))
                            .means(
                                    Importance.LOW,
                                    "Angle up to which a row is aligned with its reference,"
                                            + " degrees."));

    public static final Setting<Long> MINIMUM_ROWS =
            SETTINGS.add(
                    Setting.longInteger("minimum.rows", DEFAULTS.minimumRows())
                            .in(atLeast(4))
                            .means(
                                    Importance.MEDIUM,
                                    "Rows below which nothing is certified, here and in every"
                                            + " pane."));

    public static final Setting<Double> MINIMUM_CERTIFIED =
            SETTINGS.add(
                    Setting.real("minimum.certified", DEFAULTS.minimumCertified())
                            .in(between(0, 1))
                            .means(
                                    Importance.MEDIUM,
                                    "Share of elements that both halves of the reference must"
                                            + " resolve."));

    public static final Setting<Long> POOL_ROWS =
            SETTINGS.add(
                    Setting.longInteger("pool.rows", DEFAULTS.poolRows())
                            .in(atLeast(4))
                            .means(
                                    Importance.HIGH,
                                    "Rows of a pooled pane to begin with; doubled until"
                                            + " held-back pools can bound the drift score's mean"
                                            + " without change."));

    public static final Setting<Long> MOST_POOL_ROWS =
            SETTINGS.add(
                    Setting.longInteger("pool.rows.most", DEFAULTS.mostPoolRows())
                            .in(atLeast(4))
                            .means(
                                    Importance.MEDIUM,
                                    "Rows of a pooled pane beyond which no drift test is"
                                            + " offered."));

    public static final Setting<Double> DRIFT_TOLERANCE =
            SETTINGS.add(
                    Setting.real("drift.tolerance", DEFAULTS.driftTolerance())
                            .in(between(0, 1))
                            .means(
                                    Importance.HIGH,
                                    "Tolerated mean of the margin-consumption score, mu0: a"
                                            + " squared share of the margins. 0 takes it from"
                                            + " the held-back panes, from 0.001 to 0.04: a bound"
                                            + " of the mean without change, at least twice that"
                                            + " mean."));

    public static final Setting<Double> SPECTRUM_TOLERANCE =
            SETTINGS.add(
                    Setting.real("spectrum.tolerance", DEFAULTS.spectrumTolerance())
                            .in(between(0, 1))
                            .means(
                                    Importance.HIGH,
                                    "Tolerated mean of the squared Hellinger distance of the"
                                            + " window spectra. 0 takes it from the held-back"
                                            + " panes, from 0.0001 to 0.004."));

    private CertificateDefinition() {}
}
