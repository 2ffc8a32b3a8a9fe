package io.spectrawatch.flink.calibrate.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** What the detector of single samples is fitted on. */
public final class DetectorDefinition {

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<Integer> DETECT_SAMPLES =
            SETTINGS.add(
                    Setting.integer("detect.samples", 20_000)
                            .in(between(0, 1_000_000))
                            .means(
                                    Importance.HIGH,
                                    "Most samples the detector is fitted on, those with the"
                                            + " smallest hashes of their ids; at least 600 are"
                                            + " needed. 0: no detector."));

    public static final Setting<Long> DETECT_MEMORY =
            SETTINGS.add(
                    Setting.longInteger("detect.memory.bytes", 128L << 20)
                            .in(between(1L << 16, 1L << 30))
                            .means(
                                    Importance.MEDIUM,
                                    "Most bytes of their rows. A process that reads shards holds"
                                            + " so many, however many shards there are, the fit"
                                            + " twice as many; at most a third of the heap."));

    public static final Setting<List<String>> DETECT_LAYERS =
            SETTINGS.add(
                    Setting.list("detect.layers")
                            .means(
                                    Importance.MEDIUM,
                                    "Layers the detector looks at in the order of the chain,"
                                            + " logits last; they carry the same rows, the text"
                                            + " one per sample. Empty: all."));

    public static final Setting<Integer> DETECT_COORDINATES =
            SETTINGS.add(
                    Setting.integer("detect.coordinates", 0)
                            .in(atLeast(0))
                            .means(
                                    Importance.LOW,
                                    "Window directions per layer; 0: 128 where rows are samples,"
                                            + " 32 where they are tokens."));

    public static final Setting<List<String>> DETECT_EVIDENCE_LAYERS =
            SETTINGS.add(
                    Setting.list("detect.evidence.layers")
                            .means(
                                    Importance.MEDIUM,
                                    "Layers whose rows are held against the model's answers by"
                                            + " models of their own. Empty: the layer with the role"
                                            + " INPUT, if there is one; 'none': no evidence, one"
                                            + " sum over all scores instead."));

    public static final Setting<Boolean> DETECT_HEAD =
            SETTINGS.add(
                    Setting.flag("detect.head", true)
                            .means(
                                    Importance.LOW,
                                    "Whether the weights of the model's head are used where the"
                                            + " topic models holds them: vim, neco, gradnorm and"
                                            + " head-consistency are then measured beside the"
                                            + " weighted scores."));

    private DetectorDefinition() {}
}
