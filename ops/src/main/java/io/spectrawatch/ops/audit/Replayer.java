package io.spectrawatch.ops.audit;

import io.spectrawatch.flink.monitor.MonitorReplay;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.ops.audit.record.AuditException;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.schemas.LayerSketch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs the monitor's operators over the recorded offsets on a Flink runtime. */
@SuppressWarnings("try") // Flink's iterator declares that closing may be interrupted.
final class Replayer {

    /** Independent of how subtasks took turns; a sketch stays before its chunks. */
    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::topic)
                    .thenComparingLong(Entry::paneStart)
                    .thenComparingLong(Entry::paneEnd)
                    .thenComparing(Entry::identity);

    private final FlinkTarget target;
    private final LongConsumer rows;

    /**
     * @param rows told how many rows are recomputed so far
     */
    Replayer(FlinkTarget target, LongConsumer rows) {
        this.target = target;
        this.rows = rows;
    }

    /** Recomputes the records of a scope. */
    List<Entry> run(MonitorConfig config, ReplayStart start, Scope replayed, Scope scope)
            throws AuditException, InterruptedException {
        List<Entry> recomputed = new ArrayList<>();
        Entries entries = new Entries();
        long done = 0;
        try (StreamExecutionEnvironment env = target.environment();
                CloseableIterator<OutputRecord> records = MonitorReplay.run(env, config, start)) {
            while (records.hasNext()) {
                OutputRecord record = records.next();
                Entry entry =
                        entries.read(
                                Entries.record(
                                        record.topic(),
                                        Entries.NO_OFFSET,
                                        record.key(),
                                        record.value()));
                if (scope.covers(entry)) {
                    recomputed.add(entry);
                }
                if (entry.decoded() instanceof LayerSketch sketch && replayed.covers(entry)) {
                    done += sketch.getRows();
                    rows.accept(done);
                }
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new AuditException("the replay failed: " + root(e), e);
        }
        recomputed.sort(ORDER);
        return recomputed;
    }

    private static String root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
