package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.baseline.ActivationReport;
import io.spectrawatch.ops.baseline.BaselineDetail;
import io.spectrawatch.ops.baseline.BaselineList;
import io.spectrawatch.ops.baseline.BaselineList.Baseline;
import java.io.PrintWriter;

/** Baselines as tables for people. */
final class BaselineScreen {

    /** Digits of an id that tell a handful of baselines apart; JSON has them all. */
    private static final int SHORT_ID = 12;

    private static final String ROW = "%-12s  %-24s  %-8s  %12s  %10s  %-8s  %-20s  %s%n";

    private BaselineScreen() {}

    static void print(BaselineList list, PrintWriter out) {
        if (list.baselines().isEmpty()) {
            out.println("no baseline is published");
        } else {
            out.printf(
                    ROW, "id", "model", "version", "rows", "bytes", "state", "since", "asked by");
        }
        for (Baseline each : list.baselines()) {
            out.printf(
                    ROW,
                    shorten(each.id()),
                    each.modelId(),
                    each.modelVersion(),
                    String.format("%,d", each.rows()),
                    String.format("%,d", each.bytes()),
                    each.state().name().toLowerCase(java.util.Locale.ROOT),
                    orDash(each.since()),
                    orDash(each.requestedBy()));
        }
        list.unreadable().forEach(record -> out.println("unreadable: " + record));
    }

    static void print(BaselineDetail detail, PrintWriter out) {
        Baseline baseline = detail.baseline();
        field(out, "id", baseline.id());
        field(out, "model", baseline.modelId() + " version " + baseline.modelVersion());
        field(out, "digest", baseline.modelDigest());
        field(out, "reference", String.format("%,d rows", baseline.rows()));
        for (BaselineDetail.Range range : detail.createdFrom()) {
            field(
                    out,
                    "",
                    "shard "
                            + range.shard()
                            + (range.lastOffset() < 0
                                    ? ": none"
                                    : ": offsets "
                                            + range.firstOffset()
                                            + " to "
                                            + range.lastOffset()));
        }
        detail.summary().forEach((name, value) -> field(out, name, value));
        field(
                out,
                "pieces",
                String.format("%d, %,d bytes, ", baseline.chunks(), baseline.bytes())
                        + (detail.damage() == null
                                ? "their hash is the id"
                                : "DAMAGED: " + detail.damage()));
        field(out, "state", state(baseline));
        detail.activations().forEach(activation -> field(out, "asked", sentence(activation)));
    }

    static void print(ActivationReport report, PrintWriter out) {
        out.printf(
                "model %s version %s: %s from %s on, asked by %s%n",
                report.modelId(),
                report.modelVersion(),
                report.baselineId() == null
                        ? "no baseline"
                        : "baseline " + shorten(report.baselineId()),
                report.effectiveFrom(),
                report.requestedBy());
        if (report.replaces() != null) {
            out.println("before: baseline " + shorten(report.replaces()));
        }
    }

    private static String state(Baseline baseline) {
        return switch (baseline.state()) {
            case ACTIVE -> "active since " + baseline.since();
            case PENDING -> "takes effect at " + baseline.since();
            case INACTIVE -> "inactive";
        };
    }

    private static String sentence(BaselineDetail.Activation activation) {
        return activation.requestedAt()
                + " by "
                + activation.requestedBy()
                + ": "
                + (activation.baselineId() == null
                        ? "no baseline"
                        : "baseline " + shorten(activation.baselineId()))
                + " from "
                + activation.effectiveFrom()
                + " on";
    }

    private static void field(PrintWriter out, String name, String value) {
        out.printf("%-12s %s%n", name, value);
    }

    private static String orDash(String value) {
        return value == null ? "-" : value;
    }

    private static String shorten(String id) {
        return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
    }
}
