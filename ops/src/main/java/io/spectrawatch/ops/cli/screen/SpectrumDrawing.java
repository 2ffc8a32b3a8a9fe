package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A spectrum as columns on a logarithmic scale: solid up to what is certain, grey up to the
 * sketch's value, light up to what is possible.
 *
 * <p>By B'B - (deltaMinus + roundoff) I &lt;= A'A &lt;= B'B + (deltaPlus + roundoff) I every
 * eigenvalue of A'A lies within those two distances of the one of B'B of the same rank (Weyl).
 */
final class SpectrumDrawing {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 12;

    /** Decades that are drawn at most: below them everything is noise. */
    private static final double MOST_DECADES = 12;

    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

    private final double[] lower;
    private final double[] value;
    private final double[] upper;

    private SpectrumDrawing(double[] lower, double[] value, double[] upper) {
        this.lower = lower;
        this.value = value;
        this.upper = upper;
    }

    static SpectrumDrawing of(LayerSketch sketch) {
        SketchLedger ledger = sketch.getLedger();
        int count = sketch.getSpectrum().size();
        double[] lower = new double[count];
        double[] value = new double[count];
        double[] upper = new double[count];
        for (int i = 0; i < count; i++) {
            value[i] = sketch.getSpectrum().get(i);
            lower[i] = Math.max(0, value[i] - ledger.getDeltaMinus() - ledger.getRoundoff());
            upper[i] = Math.max(0, value[i] + ledger.getDeltaPlus() + ledger.getRoundoff());
        }
        return new SpectrumDrawing(lower, value, upper);
    }

    double lower(int rank) {
        return lower[rank];
    }

    double upper(int rank) {
        return upper[rank];
    }

    /** The drawing, a string for each line; empty for an empty spectrum or one of zeros. */
    List<String> lines() {
        if (value.length == 0 || !(upper[0] > 0)) {
            return List.of();
        }
        double top = StrictMath.log10(upper[0]);
        double bottom = bottom(top);
        int columns = Math.min(WIDTH, value.length);
        List<String> lines = new ArrayList<>();
        for (int row = HEIGHT - 1; row >= 0; row--) {
            StringBuilder line = new StringBuilder(label(row, bottom, top));
            for (int column = 0; column < columns; column++) {
                int rank = (int) ((long) column * value.length / columns);
                line.append(cell(rank, row, bottom, top));
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add("           └" + "─".repeat(columns) + " rank 1 to " + value.length);
        return lines;
    }

    private double bottom(double top) {
        double least = top - 1;
        for (double each : value) {
            if (each > 0) {
                least = Math.min(least, StrictMath.log10(each));
            }
        }
        return Math.max(Math.floor(least), top - MOST_DECADES);
    }

    private static String label(int row, double bottom, double top) {
        boolean end = row == 0 || row == HEIGHT - 1 || row == HEIGHT / 2;
        double at = StrictMath.pow(10, bottom + (top - bottom) * (row + 1) / HEIGHT);
        return end ? String.format(Locale.ROOT, "%10.2e │", at) : "           │";
    }

    private char cell(int rank, int row, double bottom, double top) {
        double certain = height(lower[rank], bottom, top) - row;
        if (certain >= 1) {
            return '█';
        }
        if (height(value[rank], bottom, top) - row >= 0.5) {
            // The part of the cell that is certain is told by its own block where that is most.
            return certain >= 0.5 ? eighth(certain) : '▒';
        }
        if (certain > 0) {
            return eighth(certain);
        }
        return height(upper[rank], bottom, top) - row >= 0.5 ? '░' : ' ';
    }

    private static char eighth(double part) {
        return EIGHTHS.charAt((int) Math.max(1, Math.min(8, Math.rint(part * 8))));
    }

    /** Rows from the bottom, 0 to {@value #HEIGHT}. */
    private static double height(double value, double bottom, double top) {
        if (!(value > 0)) {
            return 0;
        }
        double share = (StrictMath.log10(value) - bottom) / (top - bottom);
        return HEIGHT * Math.max(0, Math.min(1, share));
    }

    /** Numbers as a line of small columns, from the least to the greatest of them. */
    static String sparks(List<Double> values) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder line = new StringBuilder();
        for (double each : values) {
            double share = most > least ? (each - least) / (most - least) : 0.5;
            line.append(EIGHTHS.charAt(1 + (int) Math.rint(7 * share)));
        }
        return line.toString();
    }
}
