package io.spectrawatch.ops.console.store;

import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.process.LastWords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a console remembers in a folder, with the offsets that it has read, so that a restart
 * goes on where reading was and the topics may have forgotten the rest. Of one thread.
 *
 * <p>What cannot be written any more does not stop a console: it goes on in memory, and the folder
 * stays at its last commit.
 */
public final class ConsoleStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleStore.class);

    /** Nothing is lost between commits, it is read again: they need not come often. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * Histories of thousands of layers must not keep the disk busy: at most a megabyte a second.
     */
    private static final long NANOS_PER_BYTE = 1_000;

    private final Path folder;
    private final StoreFile file;
    private final StoredAlerts alerts = new StoredAlerts();
    private Map<TopicPartition, Long> committed = Map.of();
    private Long next;
    private volatile String failure;

    private ConsoleStore(Path folder, StoreFile file) {
        this.folder = folder;
        this.file = file;
    }

    /**
     * Opens the store of a folder, which is made where there is none.
     *
     * @param cluster id of the cluster whose topics are read
     * @param prefix prefix of their names
     * @param mostBytes of disk that it may take
     * @throws IOException if it is another deployment's, of a later release or in use, or the
     *     folder cannot be used
     */
    public static ConsoleStore open(Path folder, String cluster, String prefix, long mostBytes)
            throws IOException {
        return new ConsoleStore(folder, StoreFile.open(folder, cluster + ' ' + prefix, mostBytes));
    }

    /**
     * Brings back what was kept into a history and a book that are empty.
     *
     * @param ends ends of the topics now
     * @return where to go on reading; empty where nothing was kept that these topics go on from
     */
    public Map<TopicPartition, Long> restore(
            History history, AlertBook book, Map<TopicPartition, Long> ends) throws IOException {
        for (Map.Entry<TopicPartition, Long> each : file.offsets().entrySet()) {
            Long end = ends.get(each.getKey());
            if (end != null && end < each.getValue()) {
                return forget(
                        each.getKey() + " ends before offset " + each.getValue() + ", made anew");
            }
        }
        try {
            TreeMap<String, byte[]> ofAlerts = new TreeMap<>();
            for (String key : file.keys()) {
                if (StoredAlerts.isOwn(key)) {
                    ofAlerts.put(key, file.value(key));
                } else {
                    history.restore(file.value(key));
                }
            }
            alerts.restore(ofAlerts, book);
        } catch (RuntimeException e) {
            history.clear();
            return forget(LastWords.of(e));
        }
        committed = file.offsets();
        return committed;
    }

    private Map<TopicPartition, Long> forget(String reason) throws IOException {
        LOG.warn(
                "the console's history in {} is begun anew, and the past is read from the topics:"
                        + " {}",
                folder,
                reason);
        file.clear();
        return Map.of();
    }

    /** Takes an alert that the book took. */
    public void accept(int partition, long offset, Alert alert) {
        if (failure == null) {
            alerts.add(partition, offset, alert);
        }
    }

    /** Takes a note that the book took. */
    public void accept(int partition, long offset, AlertNote note) {
        if (failure == null) {
            alerts.add(partition, offset, note);
        }
    }

    /**
     * Commits when it is time to.
     *
     * @param positions up to where everything was taken
     * @param now nanoseconds of any clock
     */
    public void commitWhenDue(History history, Map<TopicPartition, Long> positions, long now) {
        if (next == null) {
            next = now + PAUSE_NANOS;
        }
        if (now - next >= 0) {
            next = now + Math.max(PAUSE_NANOS, commit(history, positions) * NANOS_PER_BYTE);
        }
    }

    /** Commits now; returns the bytes written. */
    public long commit(History history, Map<TopicPartition, Long> positions) {
        if (failure != null || positions.equals(committed)) {
            return 0;
        }
        try {
            TreeMap<String, byte[]> changed = history.takeChanges();
            Set<String> gone = alerts.takeChanges(changed);
            long bytes = file.commit(changed, gone, positions);
            committed = Map.copyOf(positions);
            return bytes;
        } catch (IOException | RuntimeException e) {
            failure = LastWords.of(e);
            LOG.error(
                    "the console's history is no longer kept in {} and goes on in memory",
                    folder,
                    e);
            return 0;
        }
    }

    /** Why nothing is kept any more; null while it is. */
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("cannot close the console's history in {}", folder, e);
        }
    }
}
