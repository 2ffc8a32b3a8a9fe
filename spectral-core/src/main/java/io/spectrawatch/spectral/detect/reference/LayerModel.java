package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the reference looks like at one tap: its window, and in window coordinates a Gaussian per
 * predicted class, once with the covariance all classes share and once with each class's own.
 */
public final class LayerModel {
    /**
     * Classes with a covariance of their own, at most: a class costs k x k numbers and as many
     * multiplications per row.
     */
    static final int MAXIMUM_SHAPES = 64;

    /**
     * Leading coordinates that the classes' own covariances describe; with the rows a class usually
     * has, more describe the rows, and cost with the square.
     */
    private static final int SHAPE_COORDINATES = 64;

    /** The weight of the shared covariance beside a class's own never falls below this. */
    private static final double LEAST_SHRINKAGE = 0.1;

    private final Window window;
    private final Matrix means;
    private final Whitening whitening;
    private final Matrix totalWhitening;
    private final Matrix[] shapes;
    private final double[] logDeterminants;
    private final ClassShapes whitened;

    private LayerModel(
            Window window,
            Matrix means,
            Matrix whitening,
            Matrix totalWhitening,
            Matrix[] shapes,
            double[] logDeterminants) {
        this.window = window;
        this.means = means;
        this.whitening = new Whitening(means, whitening);
        this.totalWhitening = totalWhitening;
        this.shapes = shapes;
        this.logDeterminants = logDeterminants;
        this.whitened = shapes.length == 0 ? null : new ClassShapes(means, shapes);
    }

    public static LayerModel fit(
            Kernels kernels, Window window, Matrix coordinates, int[] classes, int count) {
        Matrix means = Gaussians.classMeans(coordinates, classes, count);
        Matrix centred = Gaussians.centred(coordinates, means, classes);
        SymmetricMatrix shared = Gaussians.ridged(centred.moment(kernels), Gaussians.RIDGE);
        SymmetricMatrix total = Gaussians.ridged(coordinates.moment(kernels), Gaussians.RIDGE);
        int shaped = count > 1 && count <= MAXIMUM_SHAPES ? count : 0;
        int width = Math.min(centred.columns(), SHAPE_COORDINATES);
        Matrix[] shapes = new Matrix[shaped];
        double[] logDeterminants = new double[shaped];
        Matrix leading = centred.columns(width);
        SymmetricMatrix common = Gaussians.ridged(leading.moment(kernels), Gaussians.RIDGE);
        for (int c = 0; c < shaped; c++) {
            SymmetricMatrix own = ownCovariance(kernels, leading, classes, c, common);
            logDeterminants[c] = own.logDeterminant();
            shapes[c] = Gaussians.whitening(own);
        }
        return new LayerModel(
                window,
                means,
                Gaussians.whitening(shared),
                Gaussians.whitening(total),
                shapes,
                logDeterminants);
    }

    /**
     * Shrinks a class's covariance to the shared one by k/(k + n): with as many rows as directions
     * they weigh the same (regularised discriminant analysis, Friedman, JASA 84, 1989).
     */
    private static SymmetricMatrix ownCovariance(
            Kernels kernels, Matrix centred, int[] classes, int c, SymmetricMatrix shared) {
        int[] rows = Gaussians.rowsOf(classes, c);
        int k = centred.columns();
        double share = Math.max(LEAST_SHRINKAGE, (double) k / (k + rows.length));
        double[] entries = shared.entries().clone();
        if (rows.length >= Gaussians.MINIMUM_CLASS_ROWS) {
            double[] own = centred.select(rows, rows.length).moment(kernels).entries();
            for (int i = 0; i < entries.length; i++) {
                entries[i] = share * entries[i] + (1 - share) * own[i];
            }
        }
        return new SymmetricMatrix(k, entries);
    }

    public Window window() {
        return window;
    }

    public Matrix means() {
        return means;
    }

    /** Returns whether classes have shapes of their own. */
    public boolean shaped() {
        return shapes.length > 0;
    }

    /** Squared distance of each row to the mean of its class, shared covariance. */
    public double[] distances(Kernels kernels, Matrix coordinates, int[] classes) {
        return whitening.distances(kernels, coordinates, classes);
    }

    /** Squared distance of each row to the mean of everything, total covariance. */
    public double[] totalDistances(Kernels kernels, Matrix coordinates) {
        return coordinates.timesTransposed(kernels, totalWhitening).squaredNorms();
    }

    /** Squared distance of each row to each class mean, shared covariance, rows x classes. */
    public Matrix sharedDistances(Kernels kernels, Matrix coordinates) {
        Matrix white = coordinates.timesTransposed(kernels, whitening.square());
        Matrix centres = means.timesTransposed(kernels, whitening.square());
        Matrix inner = white.timesTransposed(kernels, centres);
        double[] rows = white.squaredNorms();
        double[] classes = centres.squaredNorms();
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < classes.length; c++) {
                inner.set(i, c, Math.max(0, rows[i] + classes[c] - 2 * inner.get(i, c)));
            }
        }
        return inner;
    }

    /**
     * Returns minus twice the Gaussian log-likelihood of each row under each class, up to a
     * constant, rows x classes; without shapes of their own the shared one serves all.
     */
    Matrix classDistances(Kernels kernels, Matrix coordinates) {
        if (!shaped()) {
            return sharedDistances(kernels, coordinates);
        }
        return whitened.distances(kernels, coordinates, logDeterminants);
    }

    public void write(DataOutput out) throws IOException {
        window.write(out);
        means.write(out);
        whitening.write(out);
        totalWhitening.write(out);
        out.writeInt(shapes.length);
        for (int c = 0; c < shapes.length; c++) {
            out.writeDouble(logDeterminants[c]);
            shapes[c].write(out);
        }
    }

    public static LayerModel read(DetectorInput in, int dimension, int classes) throws IOException {
        Window window = Window.read(in, dimension);
        int k = window.coordinates();
        Matrix means = in.matrix("class means", classes, k);
        Matrix whitening = in.matrix("whitening", k, k);
        Matrix total = in.matrix("total whitening", k, k);
        int shaped = classes > 1 && classes <= MAXIMUM_SHAPES ? classes : 0;
        Matrix[] shapes = new Matrix[in.integer("class shapes", shaped, shaped)];
        double[] logDeterminants = new double[shapes.length];
        int width = Math.min(k, SHAPE_COORDINATES);
        for (int c = 0; c < shapes.length; c++) {
            logDeterminants[c] = in.finite("log determinant");
            shapes[c] = in.matrix("class shape", width, width);
        }
        return new LayerModel(window, means, whitening, total, shapes, logDeterminants);
    }
}
