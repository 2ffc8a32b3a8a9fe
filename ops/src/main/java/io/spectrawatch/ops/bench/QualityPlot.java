package io.spectrawatch.ops.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Draws one panel per stream: error over F against l, both logarithmic, each panel over its own
 * decades; dashed lines are certified.
 */
final class QualityPlot {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int RIGHT = 15;
    private static final int BOTTOM = 40;
    private static final int LEGEND = 56;
    private static final String[] COLOURS = {
        "#444444", "#0072b2", "#009e73", "#d55e00", "#cc79a7", "#e69f00"
    };

    private final StringBuilder svg = new StringBuilder();
    private final List<QualityRow> rows;
    private final Map<String, String> colours = new LinkedHashMap<>();
    private double leastSize = Double.MAX_VALUE;
    private double mostSize;
    private int leastDecade;
    private int mostDecade;

    private QualityPlot(List<QualityRow> all) {
        this.rows = new ArrayList<>(all);
        rows.removeIf(row -> row.method().equals("exact") || row.isOfSplit());
        for (QualityRow row : rows) {
            colours.putIfAbsent(row.method(), COLOURS[colours.size() % COLOURS.length]);
            leastSize = Math.min(leastSize, row.sketchRows());
            mostSize = Math.max(mostSize, row.sketchRows());
        }
    }

    /** Whole decades around all that the panel shows. */
    private void scaleTo(String stream) {
        double least = Double.MAX_VALUE;
        double most = Double.MIN_NORMAL;
        for (QualityRow row : rows) {
            if (row.stream().equals(stream) && row.covarianceError() > 0) {
                least = Math.min(least, row.covarianceError());
                most = Math.max(most, row.covarianceError());
                most = Math.max(most, orZero(row.certifiedError()));
            }
        }
        leastDecade = (int) Math.floor(Math.log10(Math.min(least, most)));
        mostDecade = Math.max((int) Math.ceil(Math.log10(most)), leastDecade + 1);
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    static String draw(List<QualityRow> rows) {
        return new QualityPlot(rows).draw();
    }

    private String draw() {
        Set<String> streams = new LinkedHashSet<>();
        rows.forEach(row -> streams.add(row.stream()));
        int lines = (streams.size() + 1) / 2;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">",
                2 * WIDTH, lines * HEIGHT + LEGEND);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        int panel = 0;
        for (String stream : streams) {
            add("<g transform=\"translate(%d,%d)\">", panel % 2 * WIDTH, panel / 2 * HEIGHT);
            panel(stream);
            add("</g>");
            panel++;
        }
        legend(lines * HEIGHT + LEGEND / 3);
        add("</svg>");
        return svg.toString();
    }

    private void panel(String stream) {
        scaleTo(stream);
        add(
                "<text x=\"%d\" y=\"22\" font-size=\"14\" font-weight=\"bold\">%s</text>",
                LEFT, stream);
        for (int decade = leastDecade; decade <= mostDecade; decade++) {
            double y = y(Math.pow(10, decade));
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#bbbbbb\"/>",
                    LEFT, WIDTH - RIGHT, y, y);
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">10<tspan dy=\"-5\" font-size=\"9\">%d</tspan></text>",
                    LEFT - 6, y + 5, decade);
            for (int k = 2; decade < mostDecade && k < 10; k++) {
                double minor = y(k * Math.pow(10, decade));
                add(
                        "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eeeeee\"/>",
                        LEFT, WIDTH - RIGHT, minor, minor);
            }
        }
        for (double size = leastSize; size <= mostSize; size *= 2) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
                    x(size), HEIGHT - BOTTOM + 15, size);
        }
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">directions l</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8);
        for (Map.Entry<String, String> method : colours.entrySet()) {
            line(stream, method.getKey(), method.getValue(), false);
            line(stream, method.getKey(), method.getValue(), true);
        }
    }

    private void line(String stream, String method, String colour, boolean certified) {
        StringBuilder points = new StringBuilder();
        for (QualityRow row : rows) {
            double error = certified ? row.certifiedError() : row.covarianceError();
            if (row.stream().equals(stream) && row.method().equals(method) && error > 0) {
                double x = x(row.sketchRows());
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(error)));
                if (!certified) {
                    add(
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\" fill=\"%s\"/>",
                            x, y(error), colour);
                }
            }
        }
        if (!points.isEmpty()) {
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"%s/>",
                    points.toString().trim(), colour, certified ? " stroke-dasharray=\"4 3\"" : "");
        }
    }

    private void legend(int at) {
        int x = LEFT;
        for (Map.Entry<String, String> method : colours.entrySet()) {
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>",
                    x, x + 20, at, at, method.getValue());
            add("<text x=\"%d\" y=\"%d\">%s</text>", x + 24, at + 4, method.getKey());
            x += 128;
        }
        add(
                "<text x=\"%d\" y=\"%d\">error over the total energy F; solid: measured, dashed: certified"
                        + " by the sketch</text>",
                LEFT, at + 20);
    }

    private double x(double size) {
        double span = Math.max(Math.log(mostSize / leastSize), 1e-9);
        return LEFT + 10 + (WIDTH - LEFT - RIGHT - 20) * Math.log(size / leastSize) / span;
    }

    private double y(double error) {
        double share = (mostDecade - Math.log10(error)) / (mostDecade - leastDecade);
        return TOP + (HEIGHT - TOP - BOTTOM) * share;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
