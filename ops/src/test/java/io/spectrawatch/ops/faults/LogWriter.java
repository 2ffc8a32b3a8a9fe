package io.spectrawatch.ops.faults;

import io.spectrawatch.ops.FirstSnapshots;
import io.spectrawatch.schemas.Activate;
import java.util.Map;

/**
 * Writes the log of one model as ingest does, with a clock of its own: for a seed the same records
 * at the same offsets on every broker.
 */
final class LogWriter implements AutoCloseable {

    static final int PANE_SECONDS = 4;

    private static final long SECOND = 1_000_000L;
    private static final long LATENESS_SECONDS = 1;
    private static final int SNAPSHOTS_A_SECOND = 12;

    private final ValidatedWriter log;
    private final int shards;
    private final Synthetic model;
    private long second;
    private boolean counts;
    private long snapshots;

    LogWriter(Map<String, Object> client, String prefix, int shards, long seed) {
        this.log = new ValidatedWriter(client, prefix, shards, PANE_SECONDS, LATENESS_SECONDS);
        this.shards = shards;
        this.model = new Synthetic(seed);
        tickAll();
    }

    /** Goes on for so many panes, which close one second into the next call. */
    void panes(int count) {
        for (int i = 0; i < count * PANE_SECONDS; i++) {
            for (int j = 0; j < SNAPSHOTS_A_SECOND; j++) {
                int shard = (int) (snapshots % shards);
                log.send(
                        shard,
                        FirstSnapshots.encode(
                                model.snapshot(
                                        "c" + shard, snapshots / shards, second * SECOND + j)));
                snapshots++;
            }
            second++;
            tickAll();
        }
        log.flush();
    }

    /** Has the model judged by a baseline from the next pane on. */
    void activate(String baselineId) {
        for (int shard = 0; shard < shards; shard++) {
            log.send(
                    shard,
                    new Activate(
                            Synthetic.MODEL,
                            Synthetic.VERSION,
                            baselineId,
                            second * SECOND,
                            "test",
                            null));
        }
    }

    /** From now on ticks tell how many records were refused and late. */
    void count() {
        counts = true;
    }

    /** From now on the model behaves otherwise. */
    void drift() {
        model.drift();
    }

    /** Closes what is open. */
    void end() {
        second++;
        tickAll();
        log.flush();
    }

    private void tickAll() {
        log.tickAll(second, counts ? second % 4 : null, counts ? second % 3 : null);
    }

    @Override
    public void close() {
        log.close();
    }
}
