package io.spectrawatch.ops.demo.pipeline;

import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Progress on the terminal: totals, and the newest entropy and effective rank per layer.
 *
 * <p>On a terminal the table is redrawn in place; elsewhere the totals are printed as lines and the
 * table once at the end.
 */
final class DemoScreen {

    private static final int NAME_WIDTH = 46;

    private final PrintWriter out;
    private final boolean redraw;
    private final Map<Integer, LayerSketch> newest = new TreeMap<>();
    private int drawn;

    DemoScreen(PrintWriter out, boolean redraw) {
        this.out = out;
        this.redraw = redraw;
    }

    synchronized void say(String line) {
        out.println(line);
        drawn = 0;
    }

    synchronized void accept(LayerSketch sketch) {
        newest.put(sketch.getLayerIndex(), sketch);
    }

    synchronized void progress(String totals) {
        if (!redraw) {
            out.println(totals);
            return;
        }
        StringBuilder screen = new StringBuilder();
        if (drawn > 0) {
            screen.append("\033[").append(drawn).append("A\033[J");
        }
        List<String> table = table();
        screen.append(totals).append('\n');
        table.forEach(line -> screen.append(line).append('\n'));
        drawn = 1 + table.size();
        out.print(screen);
        out.flush();
    }

    synchronized void finalTable() {
        if (!redraw) {
            table().forEach(out::println);
        }
    }

    private List<String> table() {
        if (newest.isEmpty()) {
            return List.of();
        }
        java.util.ArrayList<String> lines = new java.util.ArrayList<>();
        lines.add(
                String.format(
                        "  %-" + NAME_WIDTH + "s %8s  %-12s %-27s %-23s %s",
                        "layer",
                        "rows",
                        "sketch",
                        "entropy [certified], nats",
                        "effective rank [certified]",
                        "[95 %]"));
        newest.values().forEach(sketch -> lines.add(line(sketch)));
        return lines;
    }

    private static String line(LayerSketch sketch) {
        return String.format(
                Locale.ROOT,
                "  %-" + NAME_WIDTH + "s %8d  %-12s %-27s %-23s %s",
                shorten(Printable.text(sketch.getLayer())),
                sketch.getRows(),
                sketch.getAlgorithm().equals("exact") ? "exact" : "FD l=" + sketch.getSketchRows(),
                interval(sketch, "spectral_entropy", 3),
                interval(sketch, "effective_rank", 1),
                interval95(sketch));
    }

    private static String interval(LayerSketch sketch, String name, int digits) {
        Interval value = find(sketch.getDescriptors(), name);
        if (value == null) {
            return "-";
        }
        String estimate = String.format(Locale.ROOT, "%." + digits + "f ", value.getEstimate());
        return estimate + ends(value, digits);
    }

    /** Where a sketch has probes; the certified interval of an exact moment is narrow. */
    private static String interval95(LayerSketch sketch) {
        Interval value = find(sketch.getDescriptors95(), "effective_rank");
        return value == null ? "" : ends(value, 1);
    }

    private static String ends(Interval value, int digits) {
        String number = "%." + digits + "f";
        return String.format(
                Locale.ROOT,
                "[" + number + ", " + number + "]",
                value.getLower(),
                value.getUpper());
    }

    private static Interval find(List<Interval> values, String name) {
        for (Interval value : values) {
            if (value.getName().equals(name)) {
                return value;
            }
        }
        return null;
    }

    private static String shorten(String name) {
        return name.length() <= NAME_WIDTH
                ? name
                : "..." + name.substring(name.length() - NAME_WIDTH + 3);
    }
}
