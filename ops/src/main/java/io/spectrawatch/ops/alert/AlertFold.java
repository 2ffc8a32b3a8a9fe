package io.spectrawatch.ops.alert;

import io.spectrawatch.ops.alert.KnownAlert.State;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Reads alerts in the order of their topic, keeps the newest of those that are wanted, and follows
 * which of these are resolved. Its memory is that of what it keeps.
 */
final class AlertFold {

    /** Where an alert stands is not known. */
    static final long UNKNOWN = -1;

    /** The order of lists. */
    static final Comparator<Alert> NEWEST_FIRST =
            Comparator.comparingLong((Alert each) -> -each.getPaneEnd())
                    .thenComparing(Alert::getId);

    private final Predicate<Alert> wanted;
    private final UnaryOperator<Alert> form;
    private final int most;
    private final boolean activeOnly;

    /** Kept alerts by id, the oldest first. */
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    /** Kept alerts as lists show them. */
    private final NavigableSet<Kept> newestFirst =
            new TreeSet<>(Comparator.comparing((Kept each) -> each.alert, NEWEST_FIRST));

    /** Ids of kept alerts that stand, by subject. */
    private final Map<AlertSubject, Set<String>> standing = new HashMap<>();

    private final StandingAlerts counts = new StandingAlerts();

    private long dropped;

    /**
     * @param wanted which alerts to keep
     * @param form what to keep of one
     * @param most how many at most; older ones go first
     * @param activeOnly forget what was resolved
     */
    AlertFold(Predicate<Alert> wanted, UnaryOperator<Alert> form, int most, boolean activeOnly) {
        this.wanted = wanted;
        this.form = form;
        this.most = most;
        this.activeOnly = activeOnly;
    }

    private static final class Kept {
        private final Alert alert;
        private final long offset;
        private Alert end;

        Kept(Alert alert, long offset) {
            this.alert = alert;
            this.offset = offset;
        }

        State state() {
            if (alert.getTransition() == AlertTransition.RESOLVED) {
                return State.END;
            }
            if (alert.getSampleId() != null) {
                return State.SAMPLE;
            }
            return end == null ? State.ACTIVE : State.RESOLVED;
        }
    }

    void accept(Alert alert) {
        accept(alert, UNKNOWN);
    }

    /**
     * @param offset where it stands in its topic
     */
    void accept(Alert alert, long offset) {
        if (alert.getTransition() == AlertTransition.RESOLVED) {
            end(alert);
        }
        // A record can come again after a failure, with the same id.
        if (wanted.test(alert) && !kept.containsKey(alert.getId())) {
            keep(new Kept(form.apply(alert), offset));
        }
    }

    private void end(Alert end) {
        Set<String> ids = standing.remove(AlertSubject.of(end));
        if (ids == null) {
            return;
        }
        for (String id : ids) {
            Kept one = kept.get(id);
            one.end = end;
            counts.remove(one.alert);
            if (activeOnly) {
                kept.remove(id);
                newestFirst.remove(one);
            }
        }
    }

    private void keep(Kept one) {
        if (activeOnly && one.state() != State.ACTIVE) {
            return;
        }
        kept.put(one.alert.getId(), one);
        newestFirst.add(one);
        if (one.state() == State.ACTIVE) {
            counts.add(one.alert);
            standing.computeIfAbsent(AlertSubject.of(one.alert), s -> new LinkedHashSet<>())
                    .add(one.alert.getId());
        }
        if (kept.size() > most) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Kept oldest = kept.remove(kept.keySet().iterator().next());
        newestFirst.remove(oldest);
        AlertSubject subject = AlertSubject.of(oldest.alert);
        Set<String> ids = standing.get(subject);
        if (ids != null && ids.remove(oldest.alert.getId())) {
            counts.remove(oldest.alert);
            if (ids.isEmpty()) {
                standing.remove(subject);
            }
        }
        dropped++;
    }

    /** Alerts that were wanted and had no place. */
    long dropped() {
        return dropped;
    }

    /** Which that were kept stand. */
    StandingAlerts standing() {
        return counts;
    }

    /**
     * The newest that a filter admits, the newest first; whatever is not shown is looked at and
     * nothing is made of it.
     *
     * @param limit how many at most
     */
    AlertList newest(AlertFilter filter, int limit, AlertNotes notes, long now) {
        List<KnownAlert> found = new ArrayList<>();
        long more = 0;
        for (Kept one : newestFirst) {
            boolean admitted =
                    filter.admits(one.alert) && (!filter.active() || one.state() == State.ACTIVE);
            if (admitted && found.size() < limit) {
                found.add(known(one, notes, now));
            } else if (admitted) {
                more++;
            }
        }
        return new AlertList(found, dropped + more, List.of(), notes.dropped(), false);
    }

    /** What was kept, the oldest first. */
    List<KnownAlert> known(AlertNotes notes, long now) {
        List<KnownAlert> known = new ArrayList<>();
        for (Kept one : kept.values()) {
            known.add(known(one, notes, now));
        }
        return known;
    }

    /** One that was kept, or null. */
    KnownAlert known(String id, AlertNotes notes, long now) {
        Kept one = kept.get(id);
        return one == null ? null : known(one, notes, now);
    }

    /** Where one that was kept stands in its topic. */
    long offset(String id) {
        Kept one = kept.get(id);
        return one == null ? UNKNOWN : one.offset;
    }

    private static KnownAlert known(Kept one, AlertNotes notes, long now) {
        return new KnownAlert(
                one.alert,
                one.state(),
                one.end == null ? null : one.end.getId(),
                one.end == null ? null : one.end.getPaneEnd(),
                notes.of(one.alert.getId()),
                notes.mutedUntil(AlertSubject.of(one.alert), now));
    }
}
