package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The newest alerts of a deployment and what was said of them, for pages that ask often: takes
 * records in the order of their topics and keeps as many as fit a bound, without their manifests.
 *
 * <p>Alerts about samples can be many and have a bound of their own, so that they push out no alert
 * that stands. Safe for several threads.
 */
public final class AlertBook {

    /** Notes that are kept. */
    public static final int MOST_NOTES = 100_000;

    /** Alerts about one sample that are kept. */
    public static final int MOST_SAMPLES = 2_000;

    private final LongSupplier clock;
    private final AlertFold standing;
    private final AlertFold samples;
    private final AlertNotes notes = new AlertNotes(MOST_NOTES);
    private long changes;

    /** Null since the last note. */
    private AlertPrecision precision;

    /**
     * @param clock the present, microseconds since the epoch: which mutes are over
     */
    public AlertBook(LongSupplier clock) {
        this(clock, AlertLog.MOST_ALERTS);
    }

    AlertBook(LongSupplier clock, int most) {
        UnaryOperator<Alert> light = each -> Alert.newBuilder(each).setManifest(null).build();
        this.clock = clock;
        this.standing =
                new AlertFold(
                        each -> isRaised(each) && each.getSampleId() == null, light, most, false);
        this.samples =
                new AlertFold(
                        each -> isRaised(each) && each.getSampleId() != null,
                        light,
                        MOST_SAMPLES,
                        false);
    }

    private static boolean isRaised(Alert alert) {
        return alert.getTransition() == AlertTransition.RAISED;
    }

    /**
     * @param offset where it stands in its topic
     */
    public synchronized void accept(Alert alert, long offset) {
        standing.accept(alert, offset);
        samples.accept(alert, offset);
        changes++;
    }

    public synchronized void accept(AlertNote note) {
        notes.accept(note);
        precision = null;
        changes++;
    }

    /** Counts what was taken: another number, another content. */
    public synchronized long changes() {
        return changes;
    }

    /**
     * Alerts that were raised, the newest first.
     *
     * @param aboutSamples those about one sample too
     * @param limit how many at most
     */
    public synchronized AlertList list(AlertFilter filter, boolean aboutSamples, int limit) {
        AlertList found = standing.newest(filter, limit, notes, clock.getAsLong());
        if (!aboutSamples) {
            return found;
        }
        AlertList single = samples.newest(filter, limit, notes, clock.getAsLong());
        List<KnownAlert> both = new ArrayList<>(found.alerts());
        both.addAll(single.alerts());
        both.sort(Comparator.comparing(KnownAlert::alert, AlertFold.NEWEST_FIRST));
        int shown = Math.min(limit, both.size());
        return new AlertList(
                List.copyOf(both.subList(0, shown)),
                found.older() + single.older() + both.size() - shown,
                List.of(),
                notes.dropped(),
                false);
    }

    /** The alert without its manifest, or null where it is not kept. */
    public synchronized KnownAlert find(String id) {
        KnownAlert found = standing.known(id, notes, clock.getAsLong());
        return found == null ? samples.known(id, notes, clock.getAsLong()) : found;
    }

    /** Where a kept alert stands in its topic. */
    public synchronized long offset(String id) {
        long offset = standing.offset(id);
        return offset == AlertFold.UNKNOWN ? samples.offset(id) : offset;
    }

    /** How many alerts stand. */
    public synchronized int standing() {
        return standing.standing().all();
    }

    /** Of every model for which an alert stands, how many of each kind. */
    public synchronized List<ModelAlerts> standingByModel() {
        return standing.standing().models();
    }

    /** How many alerts of each kind stand for a model. */
    public synchronized SortedMap<String, Integer> standing(
            String model, String version, String segment) {
        return standing.standing().of(model, version, segment);
    }

    /** Precision of each detector, by what people said. */
    public synchronized AlertPrecision precision() {
        if (precision == null) {
            AlertFilter all = new AlertFilter(null, null, null, null, false);
            precision = AlertPrecision.of(notes.feedback(), all);
        }
        return precision;
    }
}
