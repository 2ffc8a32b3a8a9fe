package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.gsvd.ShadowProfile;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** How samples are scored, and how exceedances become alerts. */
public final class DetectionDefinition {

    /** The ellipsoid of all shards' points is rebuilt for every pane. */
    private static final int MOST_GAIN_POINTS = 512;

    private static final String GAIN_POINTS =
            "0, or from " + ShadowProfile.LEAST_POINTS + " to " + MOST_GAIN_POINTS;

    /** Their evidence is in one record per pane, about 150 bytes each with a usual id. */
    private static final int MOST_ATTACK_CLIENTS = 4096;

    /** With as many clients as may be, about 80 MB per model, pane and shard. */
    private static final int MOST_PAIR_REQUESTS = 64;

    private static final int MOST_PAIR_CLIENTS = 1000;

    private static final int MOST_OPEN_SAMPLES = 1_000_000;

    private static final AttackOptions ATTACK = AttackOptions.defaults();

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<Double> DETECT_LEVEL =
            SETTINGS.add(
                    Setting.real("detect.level", 0.01)
                            .in(between(1e-12, 0.5))
                            .means(
                                    Importance.HIGH,
                                    "A sample whose p-value is at or below it is called"
                                            + " ADVERSARIAL or OUT_OF_DISTRIBUTION. It bounds"
                                            + " the share of clean samples called so while they"
                                            + " come as those of the calibration did, all"
                                            + " classes together; one class, or another mix of"
                                            + " classes, may have more.")
                            .recorded());

    public static final Setting<Double> DETECT_SCORES_SHARE =
            SETTINGS.add(
                    Setting.real("detect.scores.share", 0.1)
                            .in(between(0, 1))
                            .means(
                                    Importance.MEDIUM,
                                    "Share of the samples whose scores are published although"
                                            + " nothing was found, chosen by a hash of their id;"
                                            + " those of findings always are.")
                            .recorded());

    public static final Setting<Long> DETECT_SCORES_SEED =
            SETTINGS.add(
                    Setting.longInteger("detect.scores.seed", 1)
                            .means(Importance.LOW, "Seed of that hash.")
                            .recorded());

    public static final Setting<Integer> DETECT_CLIENTS_PER_SHARD =
            SETTINGS.add(
                    Setting.integer("detect.clients.per.shard", 128)
                            .in(between(1, 100_000))
                            .means(
                                    Importance.LOW,
                                    "Clients counted per model, pane and shard: those that send"
                                            + " most.")
                            .recorded());

    public static final Setting<Boolean> DETECT_CLIENTS_BY_TENANT =
            SETTINGS.add(
                    Setting.flag("detect.clients.by.tenant", true)
                            .means(
                                    Importance.LOW,
                                    "Whether clients of one name are different clients where"
                                            + " their samples name different tenants. Records"
                                            + " that do not say were made with false, and are"
                                            + " audited so.")
                            .recorded());

    public static final Setting<Integer> DETECT_GAIN_POINTS =
            SETTINGS.add(
                    Setting.integer("detect.gain.points", 128)
                            .in(
                                    ConfigDef.LambdaValidator.with(
                                            DetectionDefinition::requireGainPoints,
                                            () -> GAIN_POINTS))
                            .means(
                                    Importance.LOW,
                                    "Images kept per model, pane and shard to measure how far"
                                            + " traffic outgrows the gain profile; 0: not"
                                            + " measured.")
                            .recorded());

    public static final Setting<Double> DETECT_PAIR_LEVEL =
            SETTINGS.add(
                    Setting.real("detect.pair.level", 0.005)
                            .in(between(1e-12, 0.5))
                            .means(
                                    Importance.MEDIUM,
                                    "A sample is ADVERSARIAL too if the model is steeper between"
                                            + " it and the nearest earlier request of its client"
                                            + " than all but this share of calibration's clean"
                                            + " pairs as close. Those are clean samples and the"
                                            + " nearest of the whole reference: what a client"
                                            + " sends one after the other need not be such"
                                            + " pairs, so it bounds no false alerts.")
                            .recorded());

    public static final Setting<Integer> DETECT_PAIR_REQUESTS =
            SETTINGS.add(
                    Setting.integer("detect.pair.requests", 8)
                            .in(between(0, MOST_PAIR_REQUESTS))
                            .means(
                                    Importance.LOW,
                                    "Last requests of a client that its next one is compared"
                                            + " with, within a pane and shard; 0: not compared.")
                            .recorded());

    public static final Setting<Integer> DETECT_PAIR_CLIENTS =
            SETTINGS.add(
                    Setting.integer("detect.pair.clients", 64)
                            .in(between(1, MOST_PAIR_CLIENTS))
                            .means(
                                    Importance.LOW,
                                    "Clients per model, pane and shard whose last requests are"
                                            + " remembered; the longest silent is forgotten"
                                            + " first.")
                            .recorded());

    public static final Setting<Double> DETECT_TRAILS_PER_DAY =
            SETTINGS.add(
                    Setting.real("detect.trails.per.day", 0.1)
                            .in(between(0, 1e3))
                            .means(
                                    Importance.HIGH,
                                    "False CLIENT_SEARCHING alerts per day, expected at most for"
                                            + " each model, while each request of a client, given"
                                            + " those before, lies nearer to one of its last ones"
                                            + " than every pair of calibration with a probability"
                                            + " of at most 5 %. A client that repeats itself with"
                                            + " small changes breaks that. 0: trails are not"
                                            + " followed; records that do not say were made so.")
                            .recorded());

    public static final Setting<Integer> DETECT_OPEN_SAMPLES =
            SETTINGS.add(
                    Setting.integer("detect.open.samples", 1024)
                            .in(between(0, MOST_OPEN_SAMPLES))
                            .means(
                                    Importance.MEDIUM,
                                    "Samples of several parts whose last part has not come, per"
                                            + " model, pane and shard, at most 64 MiB of them; of"
                                            + " more the one is reported as EVICTED whose last"
                                            + " part is the oldest. Records that do not say were"
                                            + " made with 0: no sample had several parts.")
                            .recorded());

    public static final Setting<Double> ALERTS_PER_DAY =
            SETTINGS.add(
                    Setting.real("alerts.per.day", 0.1)
                            .in(between(1e-6, 1e3))
                            .means(
                                    Importance.HIGH,
                                    "False alerts per day, expected at most for each model while"
                                            + " its traffic does not change, of the test that"
                                            + " speaks before a pane ends. The tests over panes"
                                            + " have levels of their own, attack.alpha and"
                                            + " alert.alpha.")
                            .recorded());

    public static final Setting<Long> ATTACK_BEAT =
            SETTINGS.add(
                    Setting.longInteger("attack.beat.ms", 1000)
                            .in(between(1, 3_600_000))
                            .means(
                                    Importance.LOW,
                                    "Log time of one observation of that test, in milliseconds;"
                                            + " samples within it may depend on each other.")
                            .recorded());

    public static final Setting<Double> ATTACK_ALPHA =
            SETTINGS.add(
                    Setting.real("attack.alpha", ATTACK.alpha())
                            .in(between(1e-12, 0.5))
                            .means(
                                    Importance.HIGH,
                                    "Probability of any false UNDER_ATTACK or"
                                            + " CLIENT_UNDER_ATTACK over panes, of attack.models"
                                            + " models and all their baselines, for traffic that"
                                            + " comes as the calibrations' did and with"
                                            + " alert.horizon=anytime. A client that sends other"
                                            + " classes than the rest, or a shift of the"
                                            + " classes, may raise them without attack.")
                            .recorded());

    public static final Setting<Integer> ATTACK_MODELS =
            SETTINGS.add(
                    Setting.integer("attack.models", 16)
                            .in(atLeast(1))
                            .means(
                                    Importance.HIGH,
                                    "Model versions that share that level, over all the job will"
                                            + " ever watch.")
                            .recorded());

    public static final Setting<Double> ATTACK_EXCEEDANCE =
            SETTINGS.add(
                    Setting.real("attack.exceedance", ATTACK.exceedance())
                            .in(between(1e-4, 0.5))
                            .means(
                                    Importance.MEDIUM,
                                    "Tolerated share of the samples of a pane beyond the"
                                            + " calibration's limit. More is tolerated where the"
                                            + " calibration is small, and of each later baseline"
                                            + " of a model; alerts name the share.")
                            .recorded());

    public static final Setting<Double> ATTACK_DELTA =
            SETTINGS.add(
                    Setting.real("attack.delta", ATTACK.delta())
                            .in(between(1e-6, 0.5))
                            .means(
                                    Importance.LOW,
                                    "Part of attack.alpha, at most half of it, for the risk that"
                                            + " a calibration's limit lets more clean samples"
                                            + " pass than that; shared by the models and, in"
                                            + " falling parts, by their baselines.")
                            .recorded());

    public static final Setting<Integer> ATTACK_CLIENTS =
            SETTINGS.add(
                    Setting.integer("attack.clients", ATTACK.clients())
                            .in(between(1, MOST_ATTACK_CLIENTS))
                            .means(
                                    Importance.LOW,
                                    "Clients of a model watched at a time: those whose samples"
                                            + " exceeded the limit most of late.")
                            .recorded());

    private DetectionDefinition() {}

    private static void requireGainPoints(String name, Object value) {
        int points = (Integer) value;
        if (points != 0 && (points < ShadowProfile.LEAST_POINTS || points > MOST_GAIN_POINTS)) {
            throw new ConfigException(name, value, GAIN_POINTS);
        }
    }
}
