package io.spectrawatch.ops.faults;

import java.util.HashMap;
import java.util.Map;

/** Settings of jobs whose runs over one log are compared: what is recorded is the same in each. */
final class JobSettings {

    private JobSettings() {}

    /** A small job that sees all kinds of layers and raises alerts after few panes. */
    static Map<String, String> of(String prefix, int shards, int parallelism) {
        Map<String, String> settings = new HashMap<>();
        settings.put("topic.prefix", prefix);
        settings.put("shards", Integer.toString(shards));
        settings.put("parallelism", Integer.toString(parallelism));
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("kernels", "host");
        // otherwise chosen from the memory of whichever process runs the job
        settings.put("memory.budget", "heap=192m,native=128m");
        settings.put("sketch.kind.exact.layers", "*exact");
        settings.put("sketch.kind.frequent-directions.layers", "*wide");
        settings.put("publish.sketch", "true");
        // an alert after few panes
        settings.put("alert.alpha", "0.1");
        settings.put("alert.streams", "1");
        return settings;
    }
}
