package io.spectrawatch.spectral.certificate.structure;

import io.spectrawatch.spectral.linalg.Dense;
import java.util.Arrays;

/**
 * Labels of the output rows against frozen reference profiles (our stand-in names): weak if the
 * row's energy is at most a threshold, else aligned if its angle to the profile is at most phi*,
 * else rotated. Margins are exact in row norm for angles within pi/2 of phi* (distance to a cone).
 */
public final class RowLabels {
    /** A row's label. */
    public enum Label {
        /** Too little energy to have a direction. */
        WEAK,
        /** Within the angle of its profile. */
        ALIGNED,
        /** Outside it. */
        ROTATED
    }

    private final Label[] labels;
    private final double[] margins;

    /**
     * Labels rows given as vectors whose lengths and inner products are those of the rows.
     *
     * @param rows rows x width
     * @param profiles the frozen profiles, rows x width
     * @param weak energy threshold, positive
     * @param angle phi* in (0, pi / 2]
     */
    public RowLabels(double[] rows, double[] profiles, int width, double weak, double angle) {
        if (!(weak > 0 && angle > 0 && angle <= Math.PI / 2) || rows.length != profiles.length) {
            throw new IllegalArgumentException(
                    "row labels: a positive threshold, an angle in (0, pi/2] and as many profiles"
                            + " as rows expected, found "
                            + weak
                            + ", "
                            + angle
                            + ", "
                            + profiles.length
                            + " of "
                            + rows.length);
        }
        int count = rows.length / width;
        this.labels = new Label[count];
        this.margins = new double[count];
        for (int i = 0; i < count; i++) {
            double[] row = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
            double[] profile = Arrays.copyOfRange(profiles, i * width, (i + 1) * width);
            label(i, row, profile, weak, angle);
        }
    }

    private void label(int i, double[] row, double[] profile, double weak, double angle) {
        double length = Dense.norm(row);
        if (length <= weak) {
            labels[i] = Label.WEAK;
            margins[i] = weak - length;
            return;
        }
        double phi = angle(row, length, profile);
        labels[i] = phi <= angle ? Label.ALIGNED : Label.ROTATED;
        double turn = length * StrictMath.sin(Math.min(Math.abs(phi - angle), Math.PI / 2));
        margins[i] = Math.min(length - weak, turn);
    }

    /** The angle by half chords, accurate near 0 where the arc cosine is not. */
    private static double angle(double[] row, double length, double[] profile) {
        double reference = Dense.norm(profile);
        if (reference == 0) {
            return Math.PI / 2;
        }
        double apart = 0;
        double together = 0;
        for (int j = 0; j < row.length; j++) {
            double u = row[j] / length;
            double v = profile[j] / reference;
            apart += (u - v) * (u - v);
            together += (u + v) * (u + v);
        }
        return 2 * StrictMath.atan2(Math.sqrt(apart), Math.sqrt(together));
    }

    /**
     * Returns whether a label survives when row and profile are both perturbed: asin(e / length) +
     * asin(e' / profile) &lt; |phi - phi*|.
     */
    public static boolean certified(
            double length, double error, double profile, double profileError, double angleMargin) {
        return error < length
                && profileError < profile
                && StrictMath.asin(error / length) + StrictMath.asin(profileError / profile)
                        < angleMargin;
    }

    /** Returns the label of a row. */
    public Label label(int row) {
        return labels[row];
    }

    /** Returns the distance of a row, in row norm, to another label. */
    public double margin(int row) {
        return margins[row];
    }

    /** Returns the number of rows. */
    public int rows() {
        return labels.length;
    }

    /** Returns the rows that have a label. */
    public int count(Label label) {
        return (int) Arrays.stream(labels).filter(l -> l == label).count();
    }

    /** Returns r_label, the smallest margin. */
    public double radius() {
        return Arrays.stream(margins).min().orElse(Double.POSITIVE_INFINITY);
    }
}
