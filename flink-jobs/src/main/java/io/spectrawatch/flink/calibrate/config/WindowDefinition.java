package io.spectrawatch.flink.calibrate.config;

import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.flink.settings.SharedSettings;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** What of each layer is watched, and how its window is taken. */
public final class WindowDefinition {

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<Long> SPLIT_SEED =
            SETTINGS.add(
                    Setting.longInteger("split.seed", 1)
                            .means(
                                    Importance.MEDIUM,
                                    "Seed of the hash that splits samples: into windows,"
                                            + " reference and held-back panes here, into halves"
                                            + " in every monitored pane."));

    public static final Setting<Integer> WINDOW_RANK =
            SETTINGS.add(
                    Setting.integer("window.rank", 32)
                            .in(between(1, 1024))
                            .means(
                                    Importance.HIGH,
                                    "Directions of a layer's frozen window, k; fewer where the"
                                            + " layer carries fewer."));

    public static final Setting<List<String>> CHANNELS_LAYERS =
            SETTINGS.add(
                    Setting.list("channels.layers")
                            .means(
                                    Importance.MEDIUM,
                                    "Layers that are watched in chosen channels instead of their"
                                            + " leading directions, as layer:first-last or"
                                            + " layer:channel, separated by commas, several for"
                                            + " a layer; a layer is a name, or * and an ending."
                                            + " Certificates are then about this sub-matrix,"
                                            + " exactly."));

    public static final Setting<SketchKind> SKETCH_KIND =
            SETTINGS.add(
                    SharedSettings.SKETCH_KIND.means(
                            Importance.LOW,
                            "How a layer's second moment is kept until its window is" + " taken."));

    public static final Setting<Integer> SKETCH_ROWS =
            SETTINGS.add(
                    SharedSettings.SKETCH_ROWS.means(
                            Importance.MEDIUM, "Directions such a sketch keeps, l."));

    public static final Setting<Long> SKETCH_EXACT_MEMORY =
            SETTINGS.add(SharedSettings.SKETCH_EXACT_MEMORY);

    public static final Setting<Integer> BLOCK_ROWS =
            SETTINGS.add(
                    Setting.integer("block.rows", 64)
                            .in(between(1, 4096))
                            .means(Importance.LOW, "Rows per update of a sketch or moment, B."));

    public static final Setting<Double> ALPHA = SETTINGS.add(SharedSettings.ALPHA);

    public static final Setting<KernelChoice> KERNELS =
            SETTINGS.add(
                    SharedSettings.KERNELS.means(
                            Importance.LOW, "What does the dense arithmetic."));

    private WindowDefinition() {}
}
