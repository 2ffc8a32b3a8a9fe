package io.spectrawatch.ops.evaluate;

import io.spectrawatch.schemas.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins the parts of samples in the order of the log. A sample of which a part is missing, or is
 * not selected as the others are, is left out as a whole, counted and named.
 */
final class SampleJoin {

    /** Names of samples left out that are kept. */
    private static final int NAMED = 10;

    private final Map<Key, Joined> open = new LinkedHashMap<>();

    /** Samples left out of which more parts may come. */
    private final Set<Key> broken = new HashSet<>();

    private final List<String> named = new ArrayList<>();
    private int incomplete;

    private record Key(String captureId, String id) {}

    /** A sample of which parts have come. */
    static final class Joined {
        private final List<RecordedSet> sets;
        private final GatheredRows rows = new GatheredRows();
        private int next;

        Joined(List<RecordedSet> sets) {
            this.sets = sets;
        }

        List<RecordedSet> sets() {
            return sets;
        }

        GatheredRows rows() {
            return rows;
        }
    }

    /**
     * Takes a part.
     *
     * @param sets that it is selected for
     * @param at where it stands, in words before a sentence
     * @return the sample so far, for the rows of the part to be added; null where they are of no
     *     use
     */
    Joined next(String captureId, Sample part, List<RecordedSet> sets, String at) {
        Key key = new Key(captureId, part.getId());
        Joined joined = open.get(key);
        if (part.getPart() == 0) {
            if (joined != null) {
                leaveOut(key, at, "begins again before its last part");
            }
            broken.remove(key);
            joined = sets.isEmpty() ? null : new Joined(sets);
        } else if (joined == null) {
            if (!sets.isEmpty() && broken.add(key)) {
                leaveOut(
                        key,
                        at,
                        "begins before what is selected, part " + part.getPart() + " found");
            }
        } else if (part.getPart() != joined.next || !joined.sets.equals(sets)) {
            leaveOut(key, at, "lacks part " + joined.next + ", part " + part.getPart() + " found");
            broken.add(key);
            joined = null;
        }
        if (joined == null || part.getLast()) {
            open.remove(key);
        } else {
            open.put(key, joined);
        }
        if (part.getLast()) {
            broken.remove(key);
        }
        if (joined != null) {
            joined.next++;
        }
        return joined;
    }

    /** Leaves out what has no last part; to be called behind the last record. */
    void end() {
        open.forEach(
                (key, joined) ->
                        leaveOut(
                                key, "", "ends behind what is selected, with part " + joined.next));
        open.clear();
    }

    private void leaveOut(Key key, String at, String why) {
        incomplete++;
        if (named.size() < NAMED) {
            named.add(
                    at + "sample '" + key.id() + "' of captureId '" + key.captureId() + "' " + why);
        }
    }

    /** Samples left out. */
    int incomplete() {
        return incomplete;
    }

    /** The first of them, and where they break. */
    List<String> named() {
        return List.copyOf(named);
    }
}
