package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small residual block y = x + relu(W x) on low-rank inputs, with drifts to inject. */
public final class Block {
    public static final int D = 24;
    static final int LATENT = 4;

    private final Random random;
    private final double[] mix;
    private final double[] weights;
    private final Kernels kernels;
    private double shift;
    private double turn;
    private boolean related = true;

    public Block(Random random, Kernels kernels) {
        this.random = random;
        this.kernels = kernels;
        this.mix = Cases.gaussian(random, D * LATENT);
        this.weights = Cases.gaussian(random, D * D);
        for (int at = 0; at < weights.length; at++) {
            weights[at] /= Math.sqrt(D);
        }
    }

    /** Moves the input's mean and one latent's size. */
    public void driftInput(double amount) {
        shift = amount;
    }

    /** Changes the weights of the block, not its input. */
    public void driftMechanism(double amount) {
        turn = amount;
    }

    private void row(double[] x, double[] y) {
        java.util.Arrays.fill(x, 0);
        for (int c = 0; c < LATENT; c++) {
            double latent = random.nextGaussian() * (c == 0 ? 1 + shift : 1) + (c == 1 ? shift : 0);
            for (int j = 0; j < D; j++) {
                x[j] += mix[j * LATENT + c] * latent;
            }
        }
        for (int j = 0; j < D; j++) {
            x[j] += .1 * random.nextGaussian();
        }
        for (int i = 0; i < D; i++) {
            double sum = 0;
            for (int j = 0; j < D; j++) {
                double w = weights[i * D + j];
                sum += (i % 5 == 0 ? w * (1 - turn) : w) * x[j];
            }
            y[i] = x[i] + Math.max(sum, 0);
        }
    }

    /** Rows whose two layers have nothing to do with each other. */
    public InterfaceMoments unrelated(FrozenWindow x, FrozenWindow y, int rows) {
        related = false;
        try {
            return pane(x, y, rows);
        } finally {
            related = true;
        }
    }

    /** Adds rows, two per sample. */
    public void addTo(InterfaceMoments moments, int rows) {
        double[] x = new double[D];
        double[] y = new double[D];
        try (WindowRows wx = new WindowRows(kernels, moments.windowX(), 64);
                WindowRows wy = new WindowRows(kernels, moments.windowY(), 64)) {
            RowBlock bx = new RowBlock(64, D);
            RowBlock by = new RowBlock(64, D);
            byte[] halves = new byte[64];
            for (int i = 0; i < rows; i++) {
                row(x, y);
                halves[bx.rows()] =
                        bx.rows() % 2 == 1
                                ? halves[bx.rows() - 1]
                                : (byte) SampleSplit.half(3, Long.toString(random.nextLong()));
                bx.append(x);
                by.append(related ? y : Cases.gaussian(random, D));
                if (bx.isFull() || i == rows - 1) {
                    wx.project(bx, halves);
                    wy.project(by, halves);
                    moments.update(wx, wy);
                    bx.clear();
                    by.clear();
                }
            }
        }
    }

    public InterfaceMoments pane(FrozenWindow x, FrozenWindow y, int rows) {
        InterfaceMoments moments = new InterfaceMoments(x, y);
        addTo(moments, rows);
        return moments;
    }

    public List<InterfaceMoments> panes(FrozenWindow x, FrozenWindow y, int rows, int count) {
        List<InterfaceMoments> panes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            panes.add(pane(x, y, rows));
        }
        return panes;
    }

    /** The input's own subspace, so that little escapes. */
    public FrozenWindow inputWindow() {
        double[] rows = Dense.transpose(D, LATENT, mix);
        for (int i = 0; i < LATENT; i++) {
            for (int round = 0; round < 2; round++) {
                for (int j = 0; j < i; j++) {
                    double dot = 0;
                    for (int c = 0; c < D; c++) {
                        dot += rows[i * D + c] * rows[j * D + c];
                    }
                    Dense.addScaled(D, -dot, rows, j * D, rows, i * D);
                }
            }
            double square = 0;
            for (int c = 0; c < D; c++) {
                square += rows[i * D + c] * rows[i * D + c];
            }
            for (int c = 0; c < D; c++) {
                rows[i * D + c] /= Math.sqrt(square);
            }
        }
        return FrozenWindow.ofBasis(new double[D], rows);
    }
}
