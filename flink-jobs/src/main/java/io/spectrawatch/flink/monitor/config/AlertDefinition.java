package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** How evidence against a baseline becomes alerts. */
public final class AlertDefinition {

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<Double> ALERT_ALPHA =
            SETTINGS.add(
                    Setting.real("alert.alpha", EvidenceOptions.DEFAULT_ALPHA)
                            .in(between(1e-12, 0.5))
                            .means(
                                    Importance.HIGH,
                                    "False-alarm level of the drift alerts of the whole fleet,"
                                            + " as alert.horizon reads it, while the mean of"
                                            + " every score stays at what its baseline"
                                            + " tolerates; each calibration of that mean may err"
                                            + " besides, with probability 0.005.")
                            .recorded());

    public static final Setting<Integer> ALERT_STREAMS =
            SETTINGS.add(
                    Setting.integer("alert.streams", 256)
                            .in(atLeast(1))
                            .means(
                                    Importance.HIGH,
                                    "Interfaces that share that level, over all models and"
                                            + " versions the fleet will ever watch; each gets"
                                            + " alert.alpha divided by them. With more than"
                                            + " these the level of the fleet is passed.")
                            .recorded());

    public static final Setting<Horizon> ALERT_HORIZON =
            SETTINGS.add(
                    Setting.choice("alert.horizon", Horizon.ANYTIME)
                            .means(
                                    Importance.MEDIUM,
                                    "What the level bounds: anytime, the probability of any"
                                            + " false drift alert ever; run-length, one over the"
                                            + " expected pools between two false ones, which"
                                            + " finds drift sooner.")
                            .recorded());

    public static final Setting<Integer> ALERT_CALM_PANES =
            SETTINGS.add(
                    Setting.integer("alert.calm.panes", AlertOptions.DEFAULT_CALM_PANES)
                            .in(atLeast(1))
                            .means(
                                    Importance.LOW,
                                    "Consecutive calm pools after which an alert is resolved.")
                            .recorded());

    public static final Setting<Boolean> ALERT_STRUCTURE_NEEDS_DRIFT =
            SETTINGS.add(
                    Setting.flag("alert.structure.needs.drift", true)
                            .means(
                                    Importance.LOW,
                                    "Whether STRUCTURE_CHANGED waits for CERTIFICATE_DRIFT,"
                                            + " because sampling alone can flip elements of one"
                                            + " pool.")
                            .recorded());

    private AlertDefinition() {}
}
