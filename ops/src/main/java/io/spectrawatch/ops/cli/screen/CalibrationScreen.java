package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.flink.calibrate.InterfaceResult;
import io.spectrawatch.flink.calibrate.InterfaceResult.Status;
import io.spectrawatch.flink.calibrate.LayerResult;
import io.spectrawatch.ops.calibrate.CalibrationReport;
import java.io.PrintWriter;
import java.util.Locale;

/** A calibration as tables for people. */
public final class CalibrationScreen {

    /** Wide enough for the beginning and the end that tell a model's layers apart. */
    private static final int NAME = 28;

    private static final int NAME_START = 18;
    private static final String ARROW = "->";
    private static final int BOTH = 2 * NAME + ARROW.length();
    private static final String LAYER = "  %-" + BOTH + "s %7s %10s %7s %s%n";
    private static final String INTERFACE = "  %-" + BOTH + "s %-9s %9s %10s %9s %11s %13s  %s%n";

    private CalibrationScreen() {}

    public static void print(CalibrationReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "model %s version %s, digest %s%n"
                        + "%,d snapshots, %,d rows over all %d layers, offsets %s to %s%n",
                report.modelId(),
                report.modelVersion(),
                report.modelDigest(),
                report.snapshots(),
                report.rows(),
                report.layers().size(),
                report.startOffsets(),
                report.endOffsets());
        if (report.segment() != null) {
            out.printf("only the samples with %s%n", report.segment());
        }
        if (report.leftOut() > 0) {
            out.printf(Locale.ROOT, "%,d records were left out%n", report.leftOut());
        }
        out.printf(
                LAYER,
                "layer",
                "columns",
                "of rows",
                "window",
                "energy in the window (of a third of the samples)");
        report.layers().forEach(layer -> layer(layer, out));
        out.printf(
                INTERFACE,
                "interface",
                "verdict",
                "certified",
                "radius",
                "pool rows",
                "drift mean",
                "spectrum mean",
                "");
        report.interfaces().forEach(each -> certificate(each, out));
        if (report.interfaces().stream().anyMatch(each -> each.status() == Status.PARTIAL)) {
            out.println(
                    "  partial: the reference does not resolve every element; the certified ones are"
                            + " watched, the others are not");
        }
        out.println(
                report.detector().accepted()
                        ? "  samples are scored by a detector fitted on "
                                + report.detector().samples()
                                + " samples, chosen from the whole range by a hash of their ids:"
                                + " 65 % show what is usual, 17.5 % rank the scores, 17.5 % give"
                                + " the p-values, of which none is below "
                                + String.format(Locale.ROOT, "%.2g", report.detector().resolution())
                        : "  samples are not scored: " + report.detector().refusal());
        report.detector()
                .leftOut()
                .forEach((name, why) -> out.println("  left out: " + name + " (" + why + ")"));
        if (report.detector().accepted() && report.detector().headless() != null) {
            out.println(
                    "  without vim, neco, gradnorm and head-consistency: "
                            + report.detector().headless());
        }
        out.println(end(report));
    }

    private static void layer(LayerResult layer, PrintWriter out) {
        out.printf(
                LAYER,
                shorten(layer.name()),
                layer.columns(),
                String.format(Locale.ROOT, "%,d", layer.rows()),
                layer.windowRank(),
                layer.refusal() == null
                        ? String.format(Locale.ROOT, "%.1f %%", 100 * layer.windowShare())
                        : layer.refusal());
    }

    private static void certificate(InterfaceResult each, PrintWriter out) {
        if (each.status() == Status.REFUSED) {
            out.printf(
                    INTERFACE, shorten(each.name()), "refused", "", "", "", "", "", each.reason());
            return;
        }
        out.printf(
                INTERFACE,
                shorten(each.name()),
                each.status().name().toLowerCase(Locale.ROOT),
                String.format(Locale.ROOT, "%.1f %%", 100 * each.certifiedShare()),
                number(each.radius()),
                String.format(Locale.ROOT, "%,d", each.poolRows()),
                number(each.driftMean()),
                number(each.spectrumMean()),
                withoutTest(each));
    }

    private static String withoutTest(InterfaceResult each) {
        if (!each.driftRefusal().isEmpty()) {
            return "no drift test: " + each.driftRefusal();
        }
        return each.spectrumRefusal().isEmpty()
                ? ""
                : "no spectrum test: " + each.spectrumRefusal();
    }

    private static String end(CalibrationReport report) {
        if (report.baselineId() == null) {
            return "refused: " + report.refusal();
        }
        String size = String.format(Locale.ROOT, "%,d bytes", report.bytes());
        String end = report.published() ? "published" : "not published";
        return "baseline "
                + report.baselineId()
                + ", "
                + size
                + ", "
                + end
                + (report.activation() == null
                        ? ""
                        : "; judges the model from " + report.activation().effectiveFrom() + " on");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    /** A layer's name, or both of an interface, without their middles. */
    private static String shorten(String name) {
        int arrow = name.indexOf(ARROW);
        if (arrow >= 0) {
            String y = name.substring(arrow + ARROW.length());
            return shorten(name.substring(0, arrow)) + ARROW + shorten(y);
        }
        return name.length() <= NAME
                ? name
                : name.substring(0, NAME_START)
                        + ".."
                        + name.substring(name.length() - NAME + NAME_START + 2);
    }
}
