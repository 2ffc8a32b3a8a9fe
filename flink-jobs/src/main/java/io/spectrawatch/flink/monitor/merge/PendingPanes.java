package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state entries of one pane in a merge bucket: what the shards sent, under names that say of
 * what kind it is, of which pane, model and part, and of which shard.
 *
 * <pre>
 *   kind/paneStart/paneEnd/model/version/digest[/part ...]/shard
 * </pre>
 */
final class PendingPanes {

    /** Kinds of entries. */
    enum Kind {
        /** What entered, by model. */
        INPUT("input"),
        /** How it was judged, by model. */
        JUDGEMENT("judgement"),
        /** What the detector found, by model. */
        SCORES("scores"),
        /** How far it grew past the gain profile, by model. */
        GROWTH("growth"),
        /** What was not watched, by model. */
        UNWATCHED("unwatched"),
        /** That it lost its place, by model. */
        EVICTED("evicted"),
        /** Sketches, by model and layer. */
        PART("part"),
        /** Moments, by model and interface. */
        INTERFACE("interface");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final int PARTS_OF_PANE = 3;
    private static final int INDEX_OF_LAYER = 6;

    private final Map<Kind, TreeMap<String, TreeMap<Integer, String>>> names = new TreeMap<>();

    PendingPanes() {
        for (Kind kind : Kind.values()) {
            names.put(kind, new TreeMap<>());
        }
    }

    static String name(Kind kind, Pane pane, ModelKey model, int shard, String... part) {
        String[] parts = new String[PARTS_OF_PANE + 4 + part.length];
        parts[0] = kind.prefix;
        parts[1] = Long.toString(pane.start());
        parts[2] = Long.toString(pane.end());
        parts[3] = model.model();
        parts[4] = model.version();
        parts[5] = model.digest();
        System.arraycopy(part, 0, parts, 6, part.length);
        parts[parts.length - 1] = Integer.toString(shard);
        return Topics.key(parts);
    }

    /** The pane of a name, null if it names nothing of a pane. */
    static Pane paneOf(String name) {
        String[] parts = name.split("/", PARTS_OF_PANE + 1);
        return kindOf(parts[0]) == null
                ? null
                : new Pane(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    private static Kind kindOf(String prefix) {
        for (Kind kind : Kind.values()) {
            if (kind.prefix.equals(prefix)) {
                return kind;
            }
        }
        return null;
    }

    void add(String name) {
        int slash = name.lastIndexOf('/');
        names.get(kindOf(name.substring(0, name.indexOf('/'))))
                .computeIfAbsent(name.substring(0, slash), p -> new TreeMap<>())
                .put(Integer.valueOf(name.substring(slash + 1)), name);
    }

    /**
     * Names of the sketches of each layer, by model, in the order of the largest index they give
     * it. One layer may have several indices: where others are tapped beside it, and where a shard
     * was restored from state that told layers apart by it.
     */
    Iterable<List<String>> layers() {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        names.get(Kind.PART)
                .forEach(
                        (key, byShard) -> {
                            List<String> parts = new ArrayList<>(List.of(key.split("/", -1)));
                            parts.remove(INDEX_OF_LAYER);
                            String layer = String.join("/", parts);
                            List<String> before = layers.remove(layer);
                            List<String> all = before == null ? new ArrayList<>() : before;
                            all.addAll(byShard.values());
                            layers.put(layer, all);
                        });
        return layers.values();
    }

    /** Names by shard, for each model, layer or interface in the order of its name. */
    Iterable<TreeMap<Integer, String>> of(Kind kind) {
        return names.get(kind).values();
    }
}
