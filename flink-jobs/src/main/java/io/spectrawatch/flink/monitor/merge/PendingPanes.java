package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.EntryId.Kind;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.state.ModelKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The entries that the shards sent to a merge bucket for one pane. */
final class PendingPanes {

    /** By kind, then by name without the shard, then by shard. */
    private final Map<Kind, TreeMap<String, TreeMap<Integer, EntryId>>> entries = new TreeMap<>();

    /** What makes sketches those of one layer. */
    private record Of(ModelKey model, LayerId.Name layer) {}

    PendingPanes() {
        for (Kind kind : Kind.values()) {
            entries.put(kind, new TreeMap<>());
        }
    }

    void add(EntryId entry) {
        entries.get(entry.kind())
                .computeIfAbsent(entry.group(), group -> new TreeMap<>())
                .put(entry.shard(), entry);
    }

    /**
     * The sketches of each layer, by model, in the order of the largest index they give it. One
     * layer may have several indices: where others are tapped beside it, and where a shard was
     * restored from state that told layers apart by it.
     */
    Iterable<List<EntryId>> layers() {
        Map<Of, List<EntryId>> layers = new LinkedHashMap<>();
        for (TreeMap<Integer, EntryId> byShard : of(Kind.PART)) {
            EntryId any = byShard.firstEntry().getValue();
            Of layer = new Of(any.model(), any.layer());
            List<EntryId> before = layers.remove(layer);
            List<EntryId> all = before == null ? new ArrayList<>() : before;
            all.addAll(byShard.values());
            layers.put(layer, all);
        }
        return layers.values();
    }

    /** By shard, for each model, layer or interface in the order of its name. */
    Iterable<TreeMap<Integer, EntryId>> of(Kind kind) {
        return entries.get(kind).values();
    }
}
