package io.spectrawatch.ingest.check;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Holds the parts of a sample to their order, by captureId and id.
 *
 * <p>A part that was accepted before, or comes after the last one, is refused. One that skips parts
 * is accepted: what is missing is for the monitor to report. A sample is remembered while the pane
 * is open in which its first part counts, and of more samples than are remembered the one whose
 * first part came first is forgotten; a part of a sample that is not remembered counts as one
 * behind a gap. A sample that is whole in its snapshot is never remembered. The outcome depends on
 * the log alone.
 */
public final class PartOrder {

    /**
     * What a snapshot that was accepted showed.
     *
     * @param gaps places at which parts are missing, or are not remembered
     * @param overPanes samples that now count in more than the pane of their first part
     * @param evicted samples forgotten to make room
     */
    public record Found(int gaps, int overPanes, int evicted) {}

    private final KeyValueStore<String, byte[]> store;
    private final int most;

    /** By ascending ordinal. */
    private final Map<String, ExpectedPart> samples = new LinkedHashMap<>();

    private long nextOrdinal;
    private long closedUntil;

    /**
     * @param most samples remembered
     */
    public PartOrder(KeyValueStore<String, byte[]> store, int most) {
        this.store = store;
        this.most = most;
        restore();
    }

    private void restore() {
        List<KeyValue<String, ExpectedPart>> stored = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(
                    entry ->
                            stored.add(
                                    KeyValue.pair(entry.key, ExpectedPart.fromBytes(entry.value))));
        }
        stored.sort(Comparator.comparingLong(entry -> entry.value.ordinal()));
        for (KeyValue<String, ExpectedPart> entry : stored) {
            samples.put(entry.key, entry.value);
            nextOrdinal = entry.value.ordinal() + 1;
        }
        forgetEldest();
    }

    /** How many samples are remembered. */
    public int samples() {
        return samples.size();
    }

    /** Refuses a part that was accepted before, goes backwards or comes after the last one. */
    public void check(ActivationSnapshot snapshot) throws Refused {
        if (samples.isEmpty()) {
            return;
        }
        // Within a snapshot the parts of a sample follow one another: its first decides for all.
        Set<String> seen = new HashSet<>();
        for (Sample sample : snapshot.getSamples()) {
            ExpectedPart known = samples.get(key(snapshot, sample));
            if (known != null
                    && seen.add(sample.getId())
                    && (known.ended() || sample.getPart() <= known.part())) {
                throw refused(snapshot, sample, known);
            }
        }
    }

    private static Refused refused(ActivationSnapshot snapshot, Sample sample, ExpectedPart known) {
        return new Refused(
                RejectionReason.PART_ORDER,
                "part of sample '"
                        + sample.getId()
                        + "' of captureId '"
                        + snapshot.getCaptureId()
                        + "' must "
                        + (known.ended()
                                ? "not follow the last, which was "
                                : "be more than that before, ")
                        + known.part()
                        + ", found "
                        + sample.getPart());
    }

    /**
     * Remembers the parts of a snapshot that passed the check.
     *
     * @param pane length of panes, microseconds
     */
    public Found accept(LoggedSnapshot logged, long pane) {
        long paneEnd = (Math.floorDiv(logged.countedAt(), pane) + 1) * pane;
        int gaps = 0;
        int overPanes = 0;
        int evicted = 0;
        for (Sample sample : logged.snapshot().getSamples()) {
            String key = key(logged.snapshot(), sample);
            ExpectedPart known = samples.get(key);
            if (known == null && sample.getPart() == 0 && sample.getLast()) {
                continue;
            }
            int expected = known == null ? 0 : known.part() + 1;
            gaps += sample.getPart() == expected ? 0 : 1;
            boolean elsewhere = known != null && known.paneEnd() != paneEnd;
            overPanes += elsewhere && !known.spread() ? 1 : 0;
            ExpectedPart now =
                    known == null
                            ? new ExpectedPart(
                                    nextOrdinal++,
                                    sample.getPart(),
                                    paneEnd,
                                    sample.getLast(),
                                    false)
                            : known.after(sample.getPart(), sample.getLast(), elsewhere);
            samples.put(key, now);
            store.put(key, now.toBytes());
            evicted += forgetEldest();
        }
        return new Found(gaps, overPanes, evicted);
    }

    /**
     * Forgets the samples of closed panes.
     *
     * @param until end of the newest closed pane, microseconds
     */
    public void close(long until) {
        if (until == closedUntil) {
            return;
        }
        closedUntil = until;
        Iterator<Map.Entry<String, ExpectedPart>> each = samples.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, ExpectedPart> entry = each.next();
            if (entry.getValue().paneEnd() <= until) {
                each.remove();
                store.delete(entry.getKey());
            }
        }
    }

    private int forgetEldest() {
        int forgotten = 0;
        Iterator<String> eldest = samples.keySet().iterator();
        while (samples.size() > most) {
            String key = eldest.next();
            eldest.remove();
            store.delete(key);
            forgotten++;
        }
        return forgotten;
    }

    private static String key(ActivationSnapshot snapshot, Sample sample) {
        return Topics.key(snapshot.getCaptureId(), sample.getId());
    }
}
