package io.spectrawatch.flink.calibrate.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The settings of a calibration that concern the detector of single samples. */
final class DetectDefinition {

    private DetectDefinition() {}

    static void define(ConfigDef definition) {
        definition
                .define(
                        CalibrateConfig.DETECT_SAMPLES,
                        Type.INT,
                        20_000,
                        between(0, 1_000_000),
                        Importance.HIGH,
                        "Most samples the detector is fitted on, those with the smallest hashes of"
                                + " their ids; at least 600 are needed. 0: no detector.")
                .define(
                        CalibrateConfig.DETECT_MEMORY,
                        Type.LONG,
                        128L << 20,
                        between(1L << 16, 1L << 30),
                        Importance.MEDIUM,
                        "Most bytes of their rows. Every shard holds so many and the fit three times"
                                + " as many.")
                .define(
                        CalibrateConfig.DETECT_LAYERS,
                        Type.LIST,
                        List.of(),
                        Importance.MEDIUM,
                        "Layers the detector looks at in the order of the chain, logits last; they"
                                + " carry the same rows. Empty: all.")
                .define(
                        CalibrateConfig.DETECT_COORDINATES,
                        Type.INT,
                        0,
                        atLeast(0),
                        Importance.LOW,
                        "Window directions per layer; 0: 128 where rows are samples, 32 where they"
                                + " are tokens.")
                .define(
                        CalibrateConfig.DETECT_HEAD,
                        Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether the weights of the model's head are used where the topic models"
                                + " holds them: vim, neco, gradnorm and head-consistency are then"
                                + " measured beside the weighted scores.");
    }
}
