package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.LayerSketch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pictures of a report, as inline SVG. */
final class Charts {

    private static final int WIDTH = 314;
    private static final int HEIGHT = 190;
    private static final int LEFT = 44;
    private static final int BOTTOM = 26;
    private static final int TOP = 10;

    /** Decades below the largest eigenvalue that are drawn. */
    private static final double DECADES = 8;

    private static final int MOST_BINS = 240;
    private static final int ROW_HEIGHT = 18;
    private static final int LABEL_WIDTH = 260;
    private static final int LABEL_CHARACTERS = 40;
    private static final int TIMELINE_WIDTH = 720;

    /** Room for the text below the cells. */
    private static final int RANGE_WIDTH = 480;

    private static final int MOST_COLUMNS = 512;

    private Charts() {}

    /**
     * Verdicts by part and pane; the worst of a cell counts. Samples are one part, by their pane.
     */
    static String timeline(Collection<ReplayFinding> findings) {
        TreeSet<Long> starts = new TreeSet<>();
        findings.stream().filter(each -> !isSample(each)).forEach(f -> starts.add(f.paneStart()));
        if (starts.isEmpty()) {
            return "";
        }
        List<Long> all = List.copyOf(starts);
        Map<Long, Integer> place = new HashMap<>();
        int bins = Math.min(MOST_BINS, all.size());
        for (int i = 0; i < all.size(); i++) {
            place.put(all.get(i), (int) ((long) i * bins / all.size()));
        }
        TreeMap<String, Map<Integer, ReplayVerdict>> rows = new TreeMap<>();
        for (ReplayFinding finding : findings) {
            Map<Integer, ReplayVerdict> row =
                    rows.computeIfAbsent(lane(finding), name -> new HashMap<>());
            Long pane = starts.floor(finding.paneStart());
            Long first = pane == null ? all.get(0) : pane;
            row.merge(place.get(first), finding.verdict(), ReplayVerdict::worse);
            for (long later : starts.tailSet(first, false)) {
                if (later >= finding.paneEnd()) {
                    break;
                }
                row.merge(place.get(later), finding.verdict(), ReplayVerdict::worse);
            }
        }
        Map<String, String> labels = labels(rows.keySet());
        double cell = Math.min(40.0, (double) TIMELINE_WIDTH / bins);
        int height = rows.size() * ROW_HEIGHT + BOTTOM;
        StringBuilder svg = svg((int) (LABEL_WIDTH + Math.max(cell * bins, RANGE_WIDTH)), height);
        int y = 0;
        for (Map.Entry<String, Map<Integer, ReplayVerdict>> row : rows.entrySet()) {
            svg.append(text(0, y + 13, "start", labels.get(row.getKey())));
            int top = y + 2;
            new TreeMap<>(row.getValue())
                    .forEach(
                            (bin, verdict) ->
                                    svg.append(
                                            format(
                                                    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\""
                                                            + " width=\"%.1f\" height=\"%d\"/>",
                                                    verdict,
                                                    LABEL_WIDTH + bin * cell,
                                                    top,
                                                    Math.max(1, cell - 1),
                                                    ROW_HEIGHT - 4)));
            y += ROW_HEIGHT;
        }
        String range =
                "panes from "
                        + Times.text(all.get(0))
                        + " on, the last from "
                        + Times.text(all.get(all.size() - 1));
        svg.append(text(LABEL_WIDTH, y + 15, "start", range));
        return svg.append("</svg>").toString();
    }

    private static boolean isSample(ReplayFinding finding) {
        return finding.paneStart() == finding.paneEnd();
    }

    private static String lane(ReplayFinding finding) {
        return isSample(finding) ? finding.topic() : finding.topic() + "  " + finding.part();
    }

    /**
     * Eigenvalues of a layer: recorded as a line, recomputed as points.
     *
     * @param recomputed null where there is none
     */
    static String spectrum(LayerSketch recorded, LayerSketch recomputed) {
        List<Double> values = recorded.getSpectrum();
        double largest = values.isEmpty() ? 0 : values.get(0);
        if (!(largest > 0)) {
            return "";
        }
        int length = values.size();
        double top = Math.ceil(Math.log10(largest));
        double bottom = bottom(values, top);
        StringBuilder svg = svg(WIDTH, HEIGHT);
        for (double decade = bottom; decade <= top; decade++) {
            double y = y(decade, bottom, top);
            svg.append(
                    format(
                            "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                            LEFT, y, WIDTH - 6, y));
            svg.append(text(LEFT - 5, (int) y + 4, "end", "1e" + (int) decade));
        }
        svg.append(text(LEFT, HEIGHT - 8, "start", "1"));
        svg.append(text(WIDTH - 6, HEIGHT - 8, "end", "eigenvalue " + length));
        svg.append("<polyline class=\"then\" points=\"");
        points(values, bottom, top).forEach(p -> svg.append(format("%.1f,%.1f ", p[0], p[1])));
        svg.append("\"/>");
        if (recomputed != null) {
            points(recomputed.getSpectrum(), bottom, top)
                    .forEach(
                            p ->
                                    svg.append(
                                            format(
                                                    "<circle class=\"now\" cx=\"%.1f\" cy=\"%.1f\""
                                                            + " r=\"2\"/>",
                                                    p[0], p[1])));
        }
        return svg.append("</svg>").toString();
    }

    private static double bottom(List<Double> values, double top) {
        double least = top - 1;
        for (double value : values) {
            if (value > 0) {
                least = Math.min(least, Math.floor(Math.log10(value)));
            }
        }
        return Math.max(least, top - DECADES);
    }

    private static List<double[]> points(List<Double> values, double bottom, double top) {
        List<double[]> points = new ArrayList<>();
        double step = (double) (WIDTH - 6 - LEFT) / Math.max(1, values.size() - 1);
        for (int i = 0; i < values.size(); i++) {
            double value = values.get(i);
            double decade = value > 0 ? Math.max(bottom, Math.log10(value)) : bottom;
            points.add(new double[] {LEFT + i * step, y(decade, bottom, top)});
        }
        return points;
    }

    private static double y(double decade, double bottom, double top) {
        return TOP + (top - decade) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    }

    /** Which columns feed which group of rows: one row of cells per group. */
    static String alignment(CertificateFindings findings) {
        int columns = Math.min(findings.getColumns(), MOST_COLUMNS);
        int groups = findings.getGroups();
        if (columns < 1 || groups < 1) {
            return "";
        }
        Map<Integer, Integer> users = new HashMap<>();
        findings.getSupports()
                .forEach(
                        support -> support.forEach(column -> users.merge(column, 1, Integer::sum)));
        double wide = Math.max(1.5, Math.min(14, 680.0 / columns));
        int high = groups > 64 ? 4 : groups > 24 ? 8 : 14;
        StringBuilder svg = svg((int) (LEFT + wide * columns + 6), groups * high + BOTTOM);
        svg.append(
                format(
                        "<rect class=\"empty\" x=\"%d\" y=\"0\" width=\"%.1f\" height=\"%d\"/>",
                        LEFT, wide * columns, groups * high));
        for (int group = 0; group < groups; group++) {
            if (high >= 8) {
                svg.append(text(LEFT - 5, group * high + high - 3, "end", "g" + group));
            }
            Set<Integer> open = new HashSet<>(at(findings.getUnresolvedColumns(), group));
            for (int column : new TreeSet<>(at(findings.getSupports(), group))) {
                String kind =
                        open.contains(column) ? "open" : users.get(column) > 1 ? "shared" : "own";
                cell(svg, kind, group, column, columns, wide, high);
            }
            open.removeAll(at(findings.getSupports(), group));
            for (int column : new TreeSet<>(open)) {
                cell(svg, "open", group, column, columns, wide, high);
            }
        }
        svg.append(text(LEFT, groups * high + 16, "start", "column 0"));
        svg.append(
                text(
                        (int) (LEFT + wide * columns),
                        groups * high + 16,
                        "end",
                        "column " + (columns - 1)));
        return svg.append("</svg>").toString();
    }

    private static List<Integer> at(List<List<Integer>> lists, int index) {
        return index < lists.size() ? lists.get(index) : List.of();
    }

    private static void cell(
            StringBuilder svg,
            String kind,
            int group,
            int column,
            int columns,
            double wide,
            int high) {
        if (column < columns) {
            svg.append(
                    format(
                            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                                    + " height=\"%d\"/>",
                            kind,
                            LEFT + column * wide,
                            group * high,
                            Math.max(1, wide - 0.5),
                            high - 1));
        }
    }

    private static StringBuilder svg(int width, int height) {
        return new StringBuilder(
                format(
                        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
                        width, height, width, height));
    }

    private static String text(int x, int y, String anchor, String text) {
        return format("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor)
                + Html.escape(text)
                + "</text>";
    }

    /** Names as there is room for them: long ones without the end that all of them share. */
    static Map<String, String> labels(Collection<String> names) {
        List<String> crowded = names.stream().filter(n -> n.length() > LABEL_CHARACTERS).toList();
        int shared = crowded.size() < 2 ? 0 : sharedEnd(crowded);
        Map<String, String> labels = new HashMap<>();
        names.forEach(name -> labels.put(name, name));
        for (String name : crowded) {
            String own = name.substring(0, name.length() - shared) + (shared > 0 ? "…" : "");
            int half = LABEL_CHARACTERS / 2;
            labels.put(
                    name,
                    own.length() <= LABEL_CHARACTERS
                            ? own
                            : own.substring(0, half)
                                    + "…"
                                    + own.substring(own.length() - half + 1));
        }
        return labels;
    }

    /** Characters of the longest end all names share that begins where a part of a name does. */
    private static int sharedEnd(List<String> names) {
        String first = names.get(0);
        for (int from = 0; from < first.length(); from++) {
            String end = first.substring(from);
            boolean begins = "/._".indexOf(end.charAt(0)) >= 0;
            if (begins && names.stream().allMatch(name -> name.endsWith(end))) {
                return end.length();
            }
        }
        return 0;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
