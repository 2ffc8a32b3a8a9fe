package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.combine.Scorer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The samples of one pane of a model on one shard whose last part has not come, in the order of
 * their last parts in the log. Of more than there is room for, the one leaves whose last part is
 * the oldest.
 *
 * <p>Also the names of samples of which a part came that had nowhere to go, so that each is
 * reported once.
 *
 * <pre>
 *   "SWPQ", version 1
 *   int32  open samples, each as {@link OpenSample} writes it
 *   int32  samples without a beginning, each text x 2 capture id, id
 * </pre>
 */
final class OpenSamples {

    private static final int MAGIC = 0x53575051;
    private static final int VERSION = 1;
    private static final String WHAT = "open samples";

    /** What samples say of themselves, in characters, that there is room for in any case. */
    private static final long USUAL_TEXT = 512;

    /** Objects of a sample, and its loudest rows. */
    private static final long OBJECTS = 1 << 10;

    /** Whatever the settings allow: what the logits of a vocabulary take, above all. */
    private static final long MOST_BYTES = 64 << 20;

    private final int most;
    private final long sumBytes;
    private final LinkedHashMap<SampleKey, OpenSample> open = new LinkedHashMap<>();
    private final LinkedHashSet<SampleKey> orphans = new LinkedHashSet<>();
    private long bytes;

    /**
     * @param most samples at a time
     * @param sumBytes what the sums of one take at most
     */
    OpenSamples(int most, long sumBytes) {
        this.most = most;
        this.sumBytes = sumBytes;
    }

    /** Bytes that the samples take at most. */
    long mostBytes() {
        return Math.min(MOST_BYTES, most * (OBJECTS + 2 * USUAL_TEXT + sumBytes));
    }

    private long bytes(OpenSample sample) {
        return OBJECTS + 2 * sample.textLength() + sumBytes;
    }

    boolean isEmpty() {
        return open.isEmpty() && orphans.isEmpty();
    }

    /** The sample of that name, null if none is open. */
    OpenSample get(SampleKey key) {
        return open.get(key);
    }

    /** Takes a sample whose part has come, as the one whose last part is the youngest. */
    void put(OpenSample sample) {
        remove(sample.key());
        open.put(sample.key(), sample);
        bytes += bytes(sample);
    }

    OpenSample remove(SampleKey key) {
        OpenSample removed = open.remove(key);
        bytes -= removed == null ? 0 : bytes(removed);
        return removed;
    }

    /** Removes the sample that there is no room for, null where there is room for all. */
    OpenSample evict() {
        boolean fits = open.size() <= most && bytes <= mostBytes();
        return fits ? null : remove(open.keySet().iterator().next());
    }

    /** Whether a part without a beginning is the first of its sample that is told of. */
    boolean isNews(SampleKey orphan) {
        boolean news = orphans.add(orphan);
        if (orphans.size() > Math.max(1, most)) {
            Iterator<SampleKey> eldest = orphans.iterator();
            eldest.next();
            eldest.remove();
        }
        return news;
    }

    /** All of them, as their pane closes. */
    List<OpenSample> close() {
        List<OpenSample> all = new ArrayList<>(open.values());
        open.clear();
        orphans.clear();
        bytes = 0;
        return all;
    }

    byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 512 * (1 + open.size()));
        out.int32(open.size());
        open.values().forEach(each -> each.write(out));
        out.int32(orphans.size());
        orphans.forEach(each -> out.text(each.captureId()).text(each.id()));
        return out.toBytes();
    }

    /** Reads what {@link #toBytes} wrote into an empty table. */
    void restore(byte[] stored, Scorer scorer) {
        ByteReader in = StateForm.reader(stored, MAGIC, VERSION, WHAT);
        int samples = in.count(OpenSample.LEAST_BYTES);
        for (int i = 0; i < samples; i++) {
            put(OpenSample.read(in, scorer));
        }
        in.require(open.size() == samples, samples + " names", open.size());
        int names = in.count(2 * Integer.BYTES);
        for (int i = 0; i < names; i++) {
            orphans.add(new SampleKey(in.requiredText(), in.requiredText()));
        }
        in.require(orphans.size() == names, names + " names", orphans.size());
        in.end();
    }
}
