package io.spectrawatch.ops.evaluate;

import io.spectrawatch.ops.audit.bundle.Html;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A page without scripts: what the combination finds of each attack over the share of clean samples
 * that it flags, on a logarithmic axis, and the figures beside it.
 */
final class RocPage {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int BOTTOM = 50;
    private static final int TOP = 20;

    /** Told apart without colour vision too (Okabe and Ito, 2008). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

    private static final List<String> DASHES = List.of("none", "6 3", "2 3", "8 3 2 3");

    private final EvaluationReport report;
    private final int decades;

    private RocPage(EvaluationReport report) {
        this.report = report;
        this.decades = Math.max(1, (int) Math.ceil(Math.log10(report.cleanSamples()) - 1e-9));
    }

    static void write(EvaluationReport report, Path file) throws IOException {
        Files.writeString(file, new RocPage(report).page());
    }

    private String page() {
        StringBuilder out = new StringBuilder();
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\">")
                .append("<title>Detection</title>\n<style>body{font:14px sans-serif;margin:2em}")
                .append("td,th{padding:2px 10px;text-align:right}td:first-child{text-align:left}")
                .append("</style>\n<h1>Detection</h1>\n<p>Fitted on ")
                .append(report.referenceSamples())
                .append(" reference samples, measured on ")
                .append(report.cleanSamples())
                .append(" clean ones.</p>\n");
        picture(out);
        table(out);
        return out.append("</html>\n").toString();
    }

    private void point(StringBuilder out, double flagged, double found) {
        out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(flagged), y(found)));
    }

    private void picture(StringBuilder out) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                                + " aria-label=\"Share found over share of clean samples flagged\">%n",
                        WIDTH,
                        HEIGHT,
                        WIDTH,
                        HEIGHT));
        for (int decade = 0; decade <= decades; decade++) {
            double x = x(Math.pow(10, -decade));
            line(out, x, y(0), x, y(1));
            text(out, x, y(0) + 18, "middle", decade == 0 ? "1" : "1e-" + decade);
        }
        for (int fifth = 0; fifth <= 5; fifth++) {
            line(out, x(Math.pow(10, -decades)), y(fifth / 5.0), x(1), y(fifth / 5.0));
            text(
                    out,
                    LEFT - 8,
                    y(fifth / 5.0) + 4,
                    "end",
                    String.format(Locale.ROOT, "%.1f", fifth / 5.0));
        }
        text(out, (LEFT + WIDTH) / 2.0, HEIGHT - 10, "middle", "share of clean samples flagged");
        int at = 0;
        for (Roc.Curve curve : report.curves().values()) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < curve.flagged().length; i++) {
                // Between two thresholds nothing more is found: a slope would claim it is.
                if (i > 0) {
                    point(points, curve.flagged()[i], curve.found()[i - 1]);
                }
                point(points, curve.flagged()[i], curve.found()[i]);
            }
            out.append(
                    String.format(
                            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\""
                                    + " stroke-dasharray=\"%s\" stroke-width=\"2\"/>%n",
                            points.toString().trim(), colour(at), dash(at)));
            at++;
        }
        out.append("</svg>\n");
    }

    private void table(StringBuilder out) {
        out.append("<table><tr><th>attack<th>samples<th>AUROC<th>at 1 %<th>at .1 %</tr>\n");
        int at = 0;
        for (Map.Entry<String, Measured> row : report.combined().entrySet()) {
            Roc.Curve curve = report.curves().get(row.getKey());
            out.append(
                    String.format(
                            Locale.ROOT,
                            "<tr><td><svg width=\"30\" height=\"8\"><line x2=\"30\" y1=\"4\" y2=\"4\""
                                    + " stroke=\"%s\" stroke-dasharray=\"%s\" stroke-width=\"2\"/>"
                                    + "</svg> %s<td>%d<td>%.3f<td>%.3f<td>%.3f</tr>%n",
                            colour(at),
                            dash(at),
                            Html.escape(row.getKey()),
                            report.attackedSamples().get(row.getKey()),
                            row.getValue().auroc(),
                            row.getValue().tprAt1Percent(),
                            curve.at(0.001)));
            at++;
        }
        out.append("</table>\n");
    }

    private static String colour(int at) {
        return COLOURS.get(at % COLOURS.size());
    }

    private static String dash(int at) {
        return DASHES.get(at / COLOURS.size() % DASHES.size());
    }

    private double x(double share) {
        double place = 1 + Math.log10(share) / decades;
        return LEFT + Math.max(0, place) * (WIDTH - LEFT - 20);
    }

    private static double y(double found) {
        return TOP + (1 - found) * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(StringBuilder out, double x1, double y1, double x2, double y2) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                        x1,
                        y1,
                        x2,
                        y2));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                        x,
                        y,
                        anchor,
                        text));
    }
}
