package io.spectrawatch.flink.monitor.config;

import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.spectrawatch.flink.settings.Setting;
import io.spectrawatch.flink.settings.SettingGroup;
import io.spectrawatch.flink.settings.SharedSettings;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** How layers are sketched, and what of that is published. */
public final class SketchDefinition {

    static final SettingGroup SETTINGS = new SettingGroup();

    public static final Setting<SketchKind> SKETCH_KIND =
            SETTINGS.add(SharedSettings.SKETCH_KIND.recorded());

    public static final Setting<List<String>> SKETCH_KIND_EXACT_LAYERS =
            SETTINGS.add(
                    Setting.list("sketch.kind.exact.layers")
                            .means(
                                    Importance.LOW,
                                    "Layers kept exact whatever sketch.kind says: names, or *"
                                            + " and an ending.")
                            .recorded());

    public static final Setting<List<String>> SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS =
            SETTINGS.add(
                    Setting.list("sketch.kind.frequent-directions.layers")
                            .means(
                                    Importance.LOW,
                                    "Layers sketched by alpha-Frequent-Directions whatever"
                                            + " sketch.kind says: names, or * and an ending; a"
                                            + " layer narrower than sketch.rows stays exact.")
                            .recorded());

    public static final Setting<Integer> SKETCH_ROWS =
            SETTINGS.add(SharedSettings.SKETCH_ROWS.recorded());

    public static final Setting<Long> SKETCH_EXACT_MEMORY =
            SETTINGS.add(SharedSettings.SKETCH_EXACT_MEMORY.recorded());

    public static final Setting<BlockRows> BLOCK_ROWS =
            SETTINGS.add(
                    Setting.parsed(
                                    "block.rows",
                                    BlockRows.AUTO,
                                    "auto, or 1 to 4096",
                                    BlockRows::parse)
                            .means(
                                    Importance.LOW,
                                    "Rows per update of a sketch, B: a number, or auto: 64, and"
                                            + " up to 256 for layers kept by"
                                            + " alpha-Frequent-Directions where memory.budget"
                                            + " has room.")
                            .recorded());

    public static final Setting<Double> ALPHA = SETTINGS.add(SharedSettings.ALPHA.recorded());

    public static final Setting<Double> SKETCH_EXACT_ROUNDING =
            SETTINGS.add(
                    Setting.real("sketch.exact.rounding", 1e-5)
                            .in(between(0, 1e-3))
                            .means(
                                    Importance.LOW,
                                    "Largest share of its energy that an exact moment may be"
                                            + " wrong by for fp32 products, by a rigorous bound"
                                            + " that every ledger.roundoff and what is computed"
                                            + " from it takes in; 0 for fp64 products, which"
                                            + " blocks of fewer than 144 rows (block.rows=160"
                                            + " has fp32 ones) and layers of fewer than 256"
                                            + " columns have in any case, and layers already"
                                            + " open in a savepoint if they had them.")
                            .recorded());

    public static final Setting<Integer> SKETCH_PROBES =
            SETTINGS.add(
                    Setting.integer("sketch.probes", 16)
                            .in(between(0, 64))
                            .means(
                                    Importance.LOW,
                                    "Gaussian probes of a layer kept by"
                                            + " alpha-Frequent-Directions, 8 bytes per column"
                                            + " each: they narrow the intervals that hold with"
                                            + " 95 %; 0 for none. Layers already open in a"
                                            + " savepoint go on as they were.")
                            .recorded());

    public static final Setting<Long> SKETCH_PROBE_SEED =
            SETTINGS.add(
                    Setting.longInteger("sketch.probe.seed", 1)
                            .means(
                                    Importance.LOW,
                                    "Seed of the probes, of any value. The 95 % hold for rows"
                                            + " that do not depend on it: whoever can choose"
                                            + " rows should not know it.")
                            .recorded());

    public static final Setting<KernelChoice> KERNELS = SETTINGS.add(SharedSettings.KERNELS);

    public static final Setting<Integer> BASIS_VECTORS =
            SETTINGS.add(
                    Setting.integer("basis.vectors", 32)
                            .in(between(0, 64))
                            .means(
                                    Importance.MEDIUM,
                                    "Most basis vectors published per layer and pane, k; fewer"
                                            + " for layers so wide that k vectors pass 4 MiB.")
                            .recorded());

    public static final Setting<Integer> SPECTRUM_LENGTH =
            SETTINGS.add(
                    Setting.integer("spectrum.length", 64)
                            .in(between(1, 4096))
                            .means(Importance.LOW, "Most eigenvalues published per layer and pane.")
                            .recorded());

    public static final Setting<Boolean> PUBLISH_SKETCH =
            SETTINGS.add(
                    Setting.flag("publish.sketch", false)
                            .means(
                                    Importance.LOW,
                                    "Whether the whole sketch follows its summary in chunks.")
                            .recorded());

    private SketchDefinition() {}
}
