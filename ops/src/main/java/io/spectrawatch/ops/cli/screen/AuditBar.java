package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.audit.AuditProgress;
import java.io.PrintWriter;
import java.util.Locale;

/** Progress of an audit: a bar that is redrawn on a terminal, a line now and then elsewhere. */
public final class AuditBar implements AuditProgress, AutoCloseable {

    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;

    private final PrintWriter err;
    private final boolean redraw;
    private final long startedAt = System.nanoTime();
    private long lastAt = startedAt;
    private boolean drawn;

    public AuditBar(PrintWriter err, boolean redraw) {
        this.err = err;
        this.redraw = redraw;
    }

    @Override
    public void rows(long done, long total) {
        long now = System.nanoTime();
        boolean due = now - lastAt >= (redraw ? REDRAW_NANOS : LINE_NANOS);
        if (!due && (done < total || !redraw)) {
            return;
        }
        lastAt = now;
        String line = line(done, total, (now - startedAt) / 1e9);
        if (redraw) {
            err.print("\r" + line);
            err.flush();
            drawn = true;
        } else {
            err.println(line);
        }
    }

    /** One line, for a number of seconds since the start. */
    static String line(long done, long total, double seconds) {
        double share = total <= 0 ? 1 : Math.min(1, (double) done / total);
        int full = (int) (share * WIDTH);
        double perSecond = done / Math.max(seconds, 1e-9);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %,d of %,d rows  %,.0f rows/s  %s left ",
                "#".repeat(full),
                " ".repeat(WIDTH - full),
                100 * share,
                done,
                total,
                perSecond,
                left(total - done, perSecond));
    }

    /** Before the first row nothing is known. */
    private static String left(long rows, double perSecond) {
        if (rows > 0 && perSecond <= 0) {
            return "-:--";
        }
        long seconds = rows <= 0 ? 0 : Math.round(rows / perSecond);
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    @Override
    public void close() {
        if (drawn) {
            err.println();
        }
    }
}
