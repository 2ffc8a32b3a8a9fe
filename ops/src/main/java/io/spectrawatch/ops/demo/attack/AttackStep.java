package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.ops.demo.stack.DemoClock;
import java.util.List;
import java.util.Map;

/** What the attack demo feeds to the model, step by step. */
enum AttackStep {
    REFERENCE("reference", 24, List.of()),
    CLEAN("clean", 5, List.of()),
    FGSM("fgsm", 5, List.of("fgsm-0.1", "fgsm-0.2", "fgsm-0.3")),
    PGD("pgd", 5, List.of("pgd-0.1", "pgd-0.2", "pgd-0.3", "pgd-l2-2")),
    CARLINI_WAGNER("cw", 5, List.of("cw-l2")),
    /** Attacked digits right after the digits they were made from, by the same client. */
    PROBE("probe", 5, List.of("fgsm-0.1", "pgd-0.1", "pgd-l2-2", "cw-l2")),
    RECOVERY("recovery", 8, List.of());

    private final String phase;
    private final int windows;
    private final List<String> attacks;

    AttackStep(String phase, int windows, List<String> attacks) {
        this.phase = phase;
        this.windows = windows;
        this.attacks = attacks;
    }

    /** Its name in the report. */
    String phase() {
        return phase;
    }

    /** Panes it takes. */
    int windows() {
        return windows;
    }

    /** When it ends, if it begins then; microseconds. */
    long end(long start) {
        return start + windows * DemoClock.PANE_MICROS;
    }

    /** The step a moment lies in, by when the steps began; null for none. */
    static AttackStep at(long time, Map<AttackStep, Long> starts) {
        for (Map.Entry<AttackStep, Long> each : starts.entrySet()) {
            if (each.getValue() <= time && time < each.getKey().end(each.getValue())) {
                return each.getKey();
            }
        }
        return null;
    }

    /** Whether samples come as pairs that hardly differ. */
    boolean probes() {
        return this == PROBE;
    }

    /** Names of the files that every second sample is from, in turn; empty for clean digits. */
    List<String> attacks() {
        return attacks;
    }
}
