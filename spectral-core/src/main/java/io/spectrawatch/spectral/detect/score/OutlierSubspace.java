package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The share of a row's centred energy outside the directions that stick out of the noise bulk of
 * the reference (the idea of EigenShield, arXiv:2502.14976).
 *
 * <p>A direction sticks out when its eigenvalue exceeds the edge of Marchenko and Pastur for the
 * variance of the bulk by the 99 % point of the Tracy-Widom law (Johnstone, Annals of Statistics
 * 29, 2001).
 */
public final class OutlierSubspace implements SampleScore {
    static final int TAG = 11;

    /** 99 % point of the Tracy-Widom law for real matrices. */
    private static final double TRACY_WIDOM = 2.02;

    private final int tap;
    private final String tapName;
    private final int outliers;

    private OutlierSubspace(int tap, String tapName, int outliers) {
        this.tap = tap;
        this.tapName = tapName;
        this.outliers = outliers;
    }

    public static OutlierSubspace fit(int tap, String tapName, Window window, int rows) {
        double[] eigenvalues = window.eigenvalues();
        double variance = window.tailVariance();
        if (variance == 0) {
            variance = eigenvalues[eigenvalues.length / 2];
        }
        double edge = edge(variance, window.dimension(), rows);
        int outliers = 0;
        while (outliers < eigenvalues.length && eigenvalues[outliers] > edge) {
            outliers++;
        }
        return new OutlierSubspace(tap, tapName, Math.max(1, outliers));
    }

    static double edge(double variance, int dimension, int rows) {
        double root = Math.sqrt((double) dimension / rows);
        double width = Math.pow(rows, -2.0 / 3) * (1 + root) * Math.cbrt(1 + 1 / root);
        return variance * ((1 + root) * (1 + root) + TRACY_WIDOM * width);
    }

    @Override
    public String name() {
        return "outlier-energy/" + tapName;
    }

    @Override
    public boolean twoSided() {
        return true;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix inside = rows.coordinates(tap);
        double[] residual = rows.residual(tap);
        double[] out = new double[rows.rows()];
        double[] row = new double[inside.columns()];
        for (int i = 0; i < out.length; i++) {
            inside.row(i, row);
            double captured = Matrix.sumOfSquares(row, 0, outliers);
            double rest = residual[i] + Matrix.sumOfSquares(row, outliers, row.length);
            out[i] = captured + rest > 0 ? rest / (captured + rest) : 0;
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        out.writeInt(outliers);
    }

    static OutlierSubspace read(DetectorInput in) throws IOException {
        int tap = in.tap();
        return new OutlierSubspace(tap, in.tapName(tap), in.integer("outliers", 1, in.width(tap)));
    }
}
