package io.spectrawatch.ops.demo.drift;

/** What the drift demo feeds to the model, step by step, and what it promises about it. */
enum DriftStep {
    REFERENCE("reference", 120, "noun glosses"),
    UNCHANGED("unchanged", 8, "other noun glosses"),
    VERBS("inputDrift", 20, "verb glosses"),
    SHUFFLED("inputDrift", 10, "shuffled words"),
    RECOVERY("recovery", 16, "other noun glosses"),
    MECHANISM("mechanismDrift", 28, "same, coarse block");

    private final String phase;
    private final int windows;
    private final String input;

    DriftStep(String phase, int windows, String input) {
        this.phase = phase;
        this.windows = windows;
        this.input = input;
    }

    /** The phase of the report that the step belongs to. */
    String phase() {
        return phase;
    }

    /** Panes it takes. */
    int windows() {
        return windows;
    }

    /** What the model reads, for people. */
    String input() {
        return input;
    }
}
