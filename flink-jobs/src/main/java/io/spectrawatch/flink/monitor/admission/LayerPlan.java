package io.spectrawatch.flink.monitor.admission;

import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How the layers of a model are kept so that they fit its share: a pure function of names, widths,
 * settings and share.
 *
 * <p>Stages go from what the settings ask for to sketches of fewer and fewer rows; the first stage
 * at which all layers fit is that of all layers. What is left then lifts single layers again, the
 * narrow ones first, and half of what is then left goes into larger blocks of the layers kept by
 * Frequent Directions, so that layers that come later still find room. If not even the last stage
 * fits, the layers that a baseline judges are kept first, then the narrow ones, so that as many as
 * possible are watched.
 */
public final class LayerPlan {

    /** Halvings of the rows: an eighth of the configured ones is the least. */
    private static final int HALVINGS = 3;

    /**
     * The exact moment where it is configured, then Frequent Directions, these without probes, and
     * their halvings.
     */
    private static final int STAGES = 3 + HALVINGS;

    private static final Comparator<Wanted> ORDER =
            Comparator.comparing(Wanted::judged)
                    .reversed()
                    .thenComparingInt(Wanted::columns)
                    .thenComparing(Wanted::layer);

    private final SketchSettings settings;
    private final MemoryCost share;
    private final List<Wanted> wanted;
    private final Integer[] order;
    private final SketchOptions[] chosen;

    /**
     * A layer with rows.
     *
     * @param judged whether the baseline in force has it
     */
    public record Wanted(String layer, int columns, boolean judged) {}

    private LayerPlan(SketchSettings settings, MemoryCost share, List<Wanted> wanted) {
        this.settings = settings;
        this.share = share;
        this.wanted = wanted;
        this.chosen = new SketchOptions[wanted.size()];
        this.order = new Integer[wanted.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(wanted::get, ORDER));
    }

    /**
     * Decides.
     *
     * @param share what these layers may take together
     * @return per layer how it is kept, in the order given; null for what is not watched
     */
    public static List<SketchOptions> of(
            List<Wanted> wanted, MemoryCost share, SketchSettings settings) {
        LayerPlan plan = new LayerPlan(settings, share, wanted);
        MemoryCost used = plan.common();
        plan.enlarge(plan.lift(used));
        return new ArrayList<>(Arrays.asList(plan.chosen));
    }

    /** The first stage at which everything fits, or the layers that fit at the last one. */
    private MemoryCost common() {
        for (int stage = 0; stage < STAGES; stage++) {
            MemoryCost used = MemoryCost.NONE;
            boolean possible = true;
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = at(stage, wanted.get(i));
                possible &= chosen[i] != null;
                used = possible ? used.plus(cost(i)) : used;
            }
            if (possible && used.fits(share)) {
                return used;
            }
        }
        return narrowest();
    }

    private MemoryCost narrowest() {
        MemoryCost used = MemoryCost.NONE;
        for (int i : order) {
            if (chosen[i] == null) {
                continue;
            }
            MemoryCost with = used.plus(cost(i));
            if (with.fits(share)) {
                used = with;
            } else {
                chosen[i] = null;
            }
        }
        return used;
    }

    /** Gives what is left to single layers, each the best it can have. */
    private MemoryCost lift(MemoryCost from) {
        MemoryCost used = from;
        for (int i : order) {
            if (chosen[i] == null) {
                continue;
            }
            MemoryCost others = used.minus(cost(i));
            for (int stage = 0; stage < STAGES; stage++) {
                SketchOptions better = at(stage, wanted.get(i));
                if (better == null) {
                    continue;
                }
                MemoryCost with = others.plus(MemoryCost.of(better, wanted.get(i).columns()));
                if (with.fits(share)) {
                    chosen[i] = better;
                    used = with;
                    break;
                }
            }
        }
        return used;
    }

    /** Doubles blocks in rounds while they fit; nothing else about the layers changes. */
    private void enlarge(MemoryCost from) {
        MemoryCost limit = from.plus(share.minus(from).half());
        MemoryCost used = from;
        for (int growth = 2; growth <= settings.blockRows().growth(); growth *= 2) {
            for (int i : order) {
                if (chosen[i] == null || chosen[i].kind() == SketchKind.EXACT) {
                    continue;
                }
                SketchOptions larger = chosen[i].withBlockRows(2 * chosen[i].blockRows());
                int columns = wanted.get(i).columns();
                MemoryCost with = used.minus(cost(i)).plus(MemoryCost.of(larger, columns));
                boolean held = settings.holds(larger.blockRows(), columns);
                if (held && with.fits(limit) && isPossible(larger, columns)) {
                    chosen[i] = larger;
                    used = with;
                }
            }
        }
    }

    private MemoryCost cost(int i) {
        return MemoryCost.of(chosen[i], wanted.get(i).columns());
    }

    /** How a layer is kept at a stage; null if its scratch alone is beyond what the job has. */
    private SketchOptions at(int stage, Wanted layer) {
        SketchOptions options = options(stage, layer);
        return isPossible(options, layer.columns()) ? options : null;
    }

    private boolean isPossible(SketchOptions options, int columns) {
        return MemoryCost.scratch(options, columns) <= settings.memory().scratch();
    }

    private SketchOptions options(int stage, Wanted layer) {
        SketchOptions asked = settings.options(layer.layer(), layer.columns());
        int halvings = Math.max(0, stage - 2);
        int rows = Math.max(1, asked.sketchRows() >> halvings);
        SketchOptions fewer =
                asked.withSketchRows(rows)
                        .withBlockRows(Math.max(1, asked.blockRows() >> halvings));
        boolean exact = asked.kind() == SketchKind.EXACT;
        // More rows than columns are larger than the exact moment.
        boolean narrow = rows > layer.columns();
        if (exact && (stage == 0 || narrow)) {
            return fewer;
        }
        SketchOptions kept =
                settings.as(fewer, narrow ? SketchKind.EXACT : SketchKind.FREQUENT_DIRECTIONS);
        // Rather fewer bounds than fewer rows, and rather fewer rows than fewer layers.
        return stage < 2 ? kept : kept.withProbes(0, 0);
    }
}
