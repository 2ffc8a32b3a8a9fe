package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.baseline.ActivationReport;
import io.spectrawatch.ops.baseline.BaselineContents;
import io.spectrawatch.ops.baseline.BaselineDetail;
import io.spectrawatch.ops.baseline.BaselineList;
import io.spectrawatch.ops.baseline.BaselineList.Baseline;
import java.io.PrintWriter;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/** Baselines as tables for people. */
public final class BaselineScreen {

    /** Digits of an id that tell a handful of baselines apart; JSON has them all. */
    private static final int SHORT_ID = 12;

    private static final String ROW = "%-12s  %-24s  %-8s  %12s  %10s  %-8s  %-20s  %s%n";

    private BaselineScreen() {}

    public static void print(BaselineList list, PrintWriter out) {
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
                    each.modelId() + (each.segment() == null ? "" : '[' + each.segment() + ']'),
                    each.modelVersion(),
                    String.format("%,d", each.rows()),
                    String.format("%,d", each.bytes()),
                    each.state().name().toLowerCase(Locale.ROOT),
                    orDash(each.since()),
                    orDash(each.requestedBy()));
        }
        list.unreadable().forEach(record -> out.println("unreadable: " + record));
    }

    public static void print(BaselineDetail detail, PrintWriter out) {
        Baseline baseline = detail.baseline();
        field(out, "id", baseline.id());
        field(out, "model", baseline.modelId() + " version " + baseline.modelVersion());
        if (baseline.segment() != null) {
            field(out, "segment", baseline.segment());
        }
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
        if (detail.contents() != null) {
            contents(out, detail.contents());
        } else if (detail.damage() == null) {
            field(out, "unreadable", detail.unreadable());
        }
        field(out, "state", state(baseline));
        detail.activations().forEach(activation -> field(out, "asked", sentence(activation)));
    }

    private static void contents(PrintWriter out, BaselineContents contents) {
        for (BaselineContents.Layer layer : contents.layers()) {
            field(
                    out,
                    "layer",
                    String.format(
                            Locale.ROOT,
                            "%s, %d columns, watched in %d %s",
                            layer.name(),
                            layer.columns(),
                            layer.window(),
                            layer.channels() ? "channels" : "directions"));
        }
        for (BaselineContents.Interface each : contents.interfaces()) {
            field(out, "interface", each.name());
            field(out, "", text(each));
            field(
                    out,
                    "",
                    String.format(
                            Locale.ROOT,
                            "pools of %,d rows, at least %,d; energy outside the windows %.1f %% and"
                                    + " %.1f %%",
                            each.poolRows(),
                            each.minimumRows(),
                            100 * each.escapeX(),
                            100 * each.escapeY()));
            field(out, "", "drift test: " + text(each.drift()));
            field(out, "", "spectrum test: " + text(each.spectrum()));
        }
        field(out, "samples", contents.detector() ? "scored by a detector" : "not scored");
    }

    private static String text(BaselineContents.Interface each) {
        DoubleSummaryStatistics theta =
                each.thresholds().stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "%s, %s, supports by %s: %d groups, thresholds %.3g to %.3g, edges above %.3g, hubs"
                        + " from %d groups; radius %.3g, error %.3g, %d of %d elements certified",
                word(each.mode()),
                word(each.scope()),
                word(each.supports()),
                each.thresholds().size(),
                theta.getMin(),
                theta.getMax(),
                each.edgeThreshold(),
                each.hubDegree(),
                each.radius(),
                each.errors().total(),
                each.certified(),
                each.elements());
    }

    private static String text(BaselineContents.Test test) {
        return test.refusal().isEmpty()
                ? String.format(
                        Locale.ROOT,
                        "tolerated mean %.3g of scores up to %.3g, %.3g without change",
                        test.tolerance(),
                        test.cut(),
                        test.nullMean())
                : "REFUSED: " + test.refusal();
    }

    private static String word(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public static void print(ActivationReport report, PrintWriter out) {
        out.printf(
                "model %s version %s%s: %s from %s on, asked by %s%n",
                report.modelId(),
                report.modelVersion(),
                inSegment(report.segment()),
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
                + " on"
                + inSegment(activation.segment());
    }

    private static String inSegment(String segment) {
        return segment == null ? "" : ", segment " + segment;
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
