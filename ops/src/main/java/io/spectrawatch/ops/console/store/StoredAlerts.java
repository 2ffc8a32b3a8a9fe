package io.spectrawatch.ops.console.store;

import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.alert.AlertLog;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The newest records about alerts, each an entry, so that a book takes them again in their order.
 * As many are kept as a book can make use of.
 */
final class StoredAlerts {

    /** Entries of a kind by age. */
    private enum Kind {
        // An alert that was raised, and one that ended it.
        ALERT(2 * AlertLog.MOST_ALERTS),
        SAMPLE(AlertBook.MOST_SAMPLES),
        NOTE(AlertBook.MOST_NOTES);

        private final int most;

        Kind(int most) {
            this.most = most;
        }

        private String prefix() {
            return name().toLowerCase(Locale.ROOT) + '/';
        }

        /** Offsets of one partition in their order, as texts. */
        private String key(int partition, long offset) {
            return String.format(Locale.ROOT, "%s%05d/%019d", prefix(), partition, offset);
        }
    }

    private final Map<Kind, Deque<String>> kept = new EnumMap<>(Kind.class);
    private final TreeMap<String, byte[]> added = new TreeMap<>();
    private final TreeSet<String> gone = new TreeSet<>();

    StoredAlerts() {
        for (Kind each : Kind.values()) {
            kept.put(each, new ArrayDeque<>());
        }
    }

    void add(int partition, long offset, Alert alert) {
        Alert light = Alert.newBuilder(alert).setManifest(null).build();
        add(
                alert.getSampleId() == null ? Kind.ALERT : Kind.SAMPLE,
                partition,
                offset,
                Wire.encode(light));
    }

    void add(int partition, long offset, AlertNote note) {
        add(Kind.NOTE, partition, offset, Wire.encode(note));
    }

    private void add(Kind kind, int partition, long offset, byte[] record) {
        String key = kind.key(partition, offset);
        Deque<String> own = kept.get(kind);
        own.add(key);
        added.put(key, record);
        if (own.size() > kind.most) {
            String oldest = own.remove();
            if (added.remove(oldest) == null) {
                gone.add(oldest);
            }
        }
    }

    /** Moves what was added to a commit, and returns what it takes away. */
    Set<String> takeChanges(SortedMap<String, byte[]> changed) {
        changed.putAll(added);
        added.clear();
        Set<String> taken = new TreeSet<>(gone);
        gone.clear();
        return taken;
    }

    /** Whether an entry is one of these. */
    static boolean isOwn(String key) {
        for (Kind each : Kind.values()) {
            if (key.startsWith(each.prefix())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives a book what was kept.
     *
     * @param entries all of these, by key
     * @throws RuntimeException if one cannot be decoded; then the book has none of them
     */
    void restore(SortedMap<String, byte[]> entries, AlertBook book) {
        List<Placed> alerts = new ArrayList<>();
        List<AlertNote> notes = new ArrayList<>();
        entries.forEach(
                (key, value) -> {
                    if (key.startsWith(Kind.NOTE.prefix())) {
                        kept.get(Kind.NOTE).add(key);
                        notes.add(Wire.decode(value, AlertNote.class));
                    } else {
                        boolean sample = key.startsWith(Kind.SAMPLE.prefix());
                        kept.get(sample ? Kind.SAMPLE : Kind.ALERT).add(key);
                        String place = key.substring(key.indexOf('/') + 1);
                        alerts.add(new Placed(place, Wire.decode(value, Alert.class)));
                    }
                });
        alerts.sort((a, b) -> a.place.compareTo(b.place));
        alerts.forEach(each -> book.accept(each.alert, each.offset()));
        notes.forEach(book::accept);
    }

    private record Placed(String place, Alert alert) {
        long offset() {
            return Long.parseLong(place.substring(place.indexOf('/') + 1));
        }
    }
}
