package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.gsvd.ShadowProfile;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** The keys of {@link MonitorConfig} about samples and attacks. */
final class DetectionDefinition {

    /** The ellipsoid of all shards' points is rebuilt for every pane. */
    private static final int MOST_GAIN_POINTS = 512;

    private static final String GAIN_POINTS =
            "0, or from " + ShadowProfile.LEAST_POINTS + " to " + MOST_GAIN_POINTS;

    /** Their evidence is in one record per pane, about 150 bytes each with a usual id. */
    private static final int MOST_ATTACK_CLIENTS = 4096;

    /** With as many clients as may be, about 80 MB per model, pane and shard. */
    private static final int MOST_PAIR_REQUESTS = 64;

    private static final int MOST_PAIR_CLIENTS = 1000;

    private DetectionDefinition() {}

    static void define(ConfigDef definition) {
        AttackOptions attack = AttackOptions.defaults();
        definition
                .define(
                        MonitorConfig.DETECT_LEVEL,
                        Type.DOUBLE,
                        0.01,
                        between(1e-12, 0.5),
                        Importance.HIGH,
                        "A sample whose p-value is at or below it is called ADVERSARIAL or"
                                + " OUT_OF_DISTRIBUTION. It bounds the share of clean samples called"
                                + " so while they come as those of the calibration did, all classes"
                                + " together; one class, or another mix of classes, may have more.")
                .define(
                        MonitorConfig.DETECT_SCORES_SHARE,
                        Type.DOUBLE,
                        0.1,
                        between(0, 1),
                        Importance.MEDIUM,
                        "Share of the samples whose scores are published although nothing was found,"
                                + " chosen by a hash of their id; those of findings always are.")
                .define(
                        MonitorConfig.DETECT_SCORES_SEED,
                        Type.LONG,
                        1L,
                        Importance.LOW,
                        "Seed of that hash.")
                .define(
                        MonitorConfig.DETECT_CLIENTS_PER_SHARD,
                        Type.INT,
                        128,
                        between(1, 100_000),
                        Importance.LOW,
                        "Clients counted per model, pane and shard: those that send most.")
                .define(
                        MonitorConfig.DETECT_CLIENTS_BY_TENANT,
                        Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether clients of one name are different clients where their samples name"
                                + " different tenants. Records that do not say were made with false,"
                                + " and are audited so.")
                .define(
                        MonitorConfig.DETECT_GAIN_POINTS,
                        Type.INT,
                        128,
                        ConfigDef.LambdaValidator.with(
                                DetectionDefinition::requireGainPoints, () -> GAIN_POINTS),
                        Importance.LOW,
                        "Images kept per model, pane and shard to measure how far traffic outgrows"
                                + " the gain profile; 0: not measured.")
                .define(
                        MonitorConfig.DETECT_PAIR_LEVEL,
                        Type.DOUBLE,
                        0.005,
                        between(1e-12, 0.5),
                        Importance.MEDIUM,
                        "A sample is ADVERSARIAL too if the model is steeper between it and the"
                                + " nearest earlier request of its client than all but this share of"
                                + " calibration's clean pairs as close. Those are clean samples and"
                                + " the nearest of the whole reference: what a client sends one after"
                                + " the other need not be such pairs, so it bounds no false alerts.")
                .define(
                        MonitorConfig.DETECT_PAIR_REQUESTS,
                        Type.INT,
                        8,
                        between(0, MOST_PAIR_REQUESTS),
                        Importance.LOW,
                        "Last requests of a client that its next one is compared with, within a pane"
                                + " and shard; 0: not compared.")
                .define(
                        MonitorConfig.DETECT_PAIR_CLIENTS,
                        Type.INT,
                        64,
                        between(1, MOST_PAIR_CLIENTS),
                        Importance.LOW,
                        "Clients per model, pane and shard whose last requests are remembered; the"
                                + " longest silent is forgotten first.")
                .define(
                        MonitorConfig.ALERTS_PER_DAY,
                        Type.DOUBLE,
                        0.1,
                        between(1e-6, 1e3),
                        Importance.HIGH,
                        "False alerts per day, expected at most for each model while its traffic"
                                + " does not change, of the test that speaks before a pane ends. The"
                                + " tests over panes have levels of their own, "
                                + MonitorConfig.ATTACK_ALPHA
                                + " and "
                                + MonitorConfig.ALERT_ALPHA
                                + ".")
                .define(
                        MonitorConfig.ATTACK_BEAT,
                        Type.LONG,
                        1000L,
                        between(1, 3_600_000),
                        Importance.LOW,
                        "Log time of one observation of that test, in milliseconds; samples within"
                                + " it may depend on each other.")
                .define(
                        MonitorConfig.ATTACK_ALPHA,
                        Type.DOUBLE,
                        attack.alpha(),
                        between(1e-12, 0.5),
                        Importance.HIGH,
                        "Probability of any false UNDER_ATTACK or CLIENT_UNDER_ATTACK over panes,"
                                + " of attack.models models and all their baselines, for traffic"
                                + " that comes as the calibrations' did and with"
                                + " alert.horizon=anytime. A client that sends other classes than"
                                + " the rest, or a shift of the classes, may raise them without"
                                + " attack.")
                .define(
                        MonitorConfig.ATTACK_MODELS,
                        Type.INT,
                        16,
                        atLeast(1),
                        Importance.HIGH,
                        "Model versions that share that level, over all the job will ever watch.")
                .define(
                        MonitorConfig.ATTACK_EXCEEDANCE,
                        Type.DOUBLE,
                        attack.exceedance(),
                        between(1e-4, 0.5),
                        Importance.MEDIUM,
                        "Tolerated share of the samples of a pane beyond the calibration's limit. More"
                                + " is tolerated where the calibration is small, and of each later"
                                + " baseline of a model; alerts name the share.")
                .define(
                        MonitorConfig.ATTACK_DELTA,
                        Type.DOUBLE,
                        attack.delta(),
                        between(1e-6, 0.5),
                        Importance.LOW,
                        "Part of attack.alpha, at most half of it, for the risk that a calibration's"
                                + " limit lets more clean samples pass than that; shared by the"
                                + " models and, in falling parts, by their baselines.")
                .define(
                        MonitorConfig.ATTACK_CLIENTS,
                        Type.INT,
                        attack.clients(),
                        between(1, MOST_ATTACK_CLIENTS),
                        Importance.LOW,
                        "Clients of a model watched at a time: those whose samples exceeded the limit"
                                + " most of late.");
    }

    private static void requireGainPoints(String name, Object value) {
        int points = (Integer) value;
        if (points != 0 && (points < ShadowProfile.LEAST_POINTS || points > MOST_GAIN_POINTS)) {
            throw new ConfigException(name, value, GAIN_POINTS);
        }
    }
}
