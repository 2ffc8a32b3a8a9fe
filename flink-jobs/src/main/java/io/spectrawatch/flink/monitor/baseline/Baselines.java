package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.baseline.BaselineFormatException;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Baselines as an operator needs them: waited for, decoded once per process, checked against the
 * model they shall judge.
 *
 * <p>A baseline that cannot be reached, or is not complete yet, is waited for without end: what a
 * pane is judged by may not depend on when somebody looked. A baseline that is there and cannot be
 * read, and an id that is none, are refused.
 */
public final class Baselines {

    private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final long PAUSE_MILLIS = 1000;

    /** By content address, so an entry is right for every job in the process. */
    private static final Map<String, SoftReference<ModelBaseline>> DECODED =
            new ConcurrentHashMap<>();

    private final BaselineSource source;
    private final Runnable waiting;

    /**
     * @param waiting told each time a load has to be tried again
     */
    public Baselines(BaselineSource source, Runnable waiting) {
        this.source = source;
        this.waiting = waiting;
    }

    /**
     * Whether and how a baseline judges a model.
     *
     * @throws InterruptedException if the task is cancelled while it waits
     */
    public Judgement judge(String id, ModelKey model) throws InterruptedException {
        if (!ID.matcher(id).matches()) {
            return new Judgement(
                    null, "baseline " + id + ": an id of 64 lower-case hex digits expected");
        }
        ModelBaseline baseline;
        try {
            baseline = baseline(id);
        } catch (Unreadable e) {
            return new Judgement(null, e.getMessage());
        }
        Optional<String> mismatch =
                baseline.mismatch(model.model(), model.version(), model.digest());
        return new Judgement(baseline, mismatch.orElse(null));
    }

    private ModelBaseline baseline(String id) throws InterruptedException, Unreadable {
        SoftReference<ModelBaseline> held = DECODED.get(id);
        ModelBaseline known = held == null ? null : held.get();
        if (known != null) {
            return known;
        }
        byte[] bytes = load(id);
        try {
            ModelBaseline baseline = ModelBaseline.fromBytes(bytes);
            if (!baseline.id().equals(id)) {
                throw new Unreadable(
                        "baseline " + id + ": its content has the id " + baseline.id());
            }
            DECODED.put(id, new SoftReference<>(baseline));
            return baseline;
        } catch (BaselineFormatException e) {
            throw new Unreadable("baseline " + id + ": " + e.getMessage());
        }
    }

    private byte[] load(String id) throws InterruptedException, Unreadable {
        while (true) {
            try {
                return source.load(id);
            } catch (BlobException e) {
                if (e.reason() == Reason.CORRUPT || e.reason() == Reason.UNREADABLE) {
                    throw new Unreadable("baseline " + id + ": " + e.getMessage());
                }
                await(id, e);
            } catch (IOException e) {
                await(id, e);
            }
        }
    }

    private void await(String id, IOException reason) throws InterruptedException {
        LOG.warn("baseline {}: the pane waits for it", id, reason);
        waiting.run();
        // An interrupted load leaves the thread's mark, on which this throws at once.
        Thread.sleep(PAUSE_MILLIS);
    }

    /** Says that a baseline is there and cannot be read. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }
}
