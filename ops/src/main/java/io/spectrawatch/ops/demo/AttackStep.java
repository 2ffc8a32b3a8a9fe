package io.spectrawatch.ops.demo;

import java.util.List;

/** What the attack demo feeds to the model, step by step. */
enum AttackStep {
    REFERENCE("reference", 24, List.of()),
    CLEAN("clean", 5, List.of()),
    FGSM("fgsm", 5, List.of("fgsm-0.1", "fgsm-0.2", "fgsm-0.3")),
    PGD("pgd", 5, List.of("pgd-0.1", "pgd-0.2", "pgd-0.3", "pgd-l2-2")),
    CARLINI_WAGNER("cw", 5, List.of("cw-l2")),
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

    /** Names of the files that every second sample is from, in turn; empty for clean digits. */
    List<String> attacks() {
        return attacks;
    }
}
