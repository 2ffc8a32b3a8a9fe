package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.audit.AuditReport;
import io.spectrawatch.ops.audit.bundle.BundleCheck;
import io.spectrawatch.ops.audit.bundle.ThenAndNow;
import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.rule.Directions;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.text.Printable;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What an audit found, on a terminal. */
public final class AuditScreen {

    private static final int REPEATED_SHOWN = 5;
    private static final int CUT_SHOWN = 5;

    private AuditScreen() {}

    public static void print(AuditReport report, PrintWriter out) {
        out.printf(
                "%s: %s version %s, panes from %s to %s%n",
                report.verdict(), report.model(), report.version(), report.from(), report.to());
        report.counts()
                .forEach(
                        (topic, counts) -> {
                            StringBuilder line = new StringBuilder();
                            counts.forEach(
                                    (v, n) -> line.append("  ").append(v).append(' ').append(n));
                            out.printf("  %-13s%s%n", topic, line);
                        });
        if (report.rows() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %,d rows recomputed, %,.0f a second%n",
                    report.rows(),
                    report.rowsPerSecond());
        }
        if (report.firstDivergence() != null) {
            print("first divergence", report.firstDivergence(), out);
        }
        if (report.nearestToBound() != null) {
            print("nearest to its bound", report.nearestToBound(), out);
        }
        repeated(report.repeated(), out);
        for (Altered each : report.altered()) {
            out.printf(
                    "  altered in the validated log: shard %d, %s%n",
                    each.shard(),
                    each.exact()
                            ? "offset " + each.from()
                            : "somewhere in offsets " + each.from() + " to " + each.to());
        }
        cut("began before the replayed offsets", report.cut().begunBefore(), out);
        cut("go on behind the replayed offsets", report.cut().goOn(), out);
        for (Missing each : report.missing()) {
            out.printf(
                    "  missing in the validated log: shard %d, offsets %d to %d%n",
                    each.shard(), each.from(), each.to());
        }
        for (String each : report.notCompared()) {
            out.printf("  not compared: %s%n", each);
        }
        for (ThenAndNow each : report.thenAndNow()) {
            out.printf(
                    "  %s %s %s: then %s; now %s%n",
                    each.end(),
                    each.part(),
                    each.what(),
                    each.then().isEmpty() ? "nothing" : each.then(),
                    each.now().isEmpty() ? "nothing" : each.now());
        }
        if (report.bundle() != null) {
            out.printf("  bundle in %s%n", report.bundle());
        }
    }

    private static void cut(String how, List<CutSamples.Cut> samples, PrintWriter out) {
        if (samples.isEmpty()) {
            return;
        }
        out.printf("  samples that %s: %d%n", how, samples.size());
        for (CutSamples.Cut each : samples.stream().limit(CUT_SHOWN).toList()) {
            out.printf(
                    "    %s of %s, part %d at shard %d, offset %d%n",
                    Printable.text(each.sampleId()),
                    Printable.text(each.captureId()),
                    each.part(),
                    each.shard(),
                    each.offset());
        }
        if (samples.size() > CUT_SHOWN) {
            out.printf("    and %d further; --json names all%n", samples.size() - CUT_SHOWN);
        }
    }

    /** A monitor that began again repeats whole ranges, so only the first few are named. */
    private static void repeated(List<Repeated> repeated, PrintWriter out) {
        if (repeated.isEmpty()) {
            return;
        }
        long differing = repeated.stream().filter(each -> !each.same()).count();
        out.printf(
                "  recorded more than once: %d identities, of which %d with copies that differ%n",
                repeated.size(), differing);
        repeated.stream()
                .sorted(Comparator.comparing(Repeated::same))
                .limit(REPEATED_SHOWN)
                .forEach(each -> out.printf("    %s%n", each.text()));
        if (repeated.size() > REPEATED_SHOWN) {
            out.printf("    and %d further; --json names all%n", repeated.size() - REPEATED_SHOWN);
        }
    }

    private static void print(String title, ReplayFinding finding, PrintWriter out) {
        out.printf("  %s: %s (%s)%n", title, finding.window(), finding.topic());
        if (finding.field() != null) {
            out.printf("    field      %s%n", finding.field());
            out.printf("    recorded   %s%n", finding.recorded());
            out.printf("    recomputed %s%n", finding.recomputed());
        }
        if (finding.distance() != null && finding.bound() != null) {
            out.printf(
                    Locale.ROOT,
                    "    apart %.6g, allowed %.6g%n",
                    finding.distance(),
                    finding.bound());
        }
        Directions directions = finding.directions();
        if (directions != null) {
            out.printf(
                    Locale.ROOT,
                    "    %d leading directions apart by a sine of %.6g, allowed %.6g%n",
                    directions.vectors(),
                    directions.apart(),
                    directions.allowed());
        }
    }

    public static void print(BundleCheck check, PrintWriter out) {
        if (check.problems().isEmpty()) {
            out.printf(
                    "in order: %d recorded records, verdict %s%n",
                    check.records(), check.verdict());
        }
        check.problems().forEach(problem -> out.printf("wrong: %s%n", problem));
    }
}
