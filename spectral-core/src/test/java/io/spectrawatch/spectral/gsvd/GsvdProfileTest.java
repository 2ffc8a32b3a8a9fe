package io.spectrawatch.spectral.gsvd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GsvdProfileTest {
    /** What the identities lose to fp64 rounding, divided by delta for the left inverse. */
    private static final double ROUNDING = 1e-9;

    /**
     * A ten-thousandth of excess in the squared radius, with a margin for the sampled directions.
     */
    private static final double ELLIPSOID = 5e-3;

    @Test
    void theIdentitiesHold() {
        Property.forAll(GsvdProfileTest.class, 10, GsvdProfileTest::checkIdentities);
    }

    private static void checkIdentities(Random random) {
        Net net = new Net(random, 12, 4);
        Sample sample = Sample.of(random, net, 400);
        GsvdProfile profile =
                GsvdProfile.fit(
                        sample.norms(), sample.images(), net.apply(new double[12]), 0.3, 1e-3);
        for (int i = 0; i < 100; i++) {
            double[] x = sample.inputs()[i];
            double[] y = net.apply(x);
            GsvdProfile.Identities errors = profile.verify(x, y);
            assertTrue(errors.reconstruction() <= ROUNDING, errors.toString());
            assertTrue(errors.norm() <= ROUNDING, errors.toString());
            assertTrue(errors.inverse() <= ROUNDING, errors.toString());
            double[] h = profile.coordinates(y, 0);
            double load = profile.load(h, sample.norms()[i]);
            assertTrue(load <= 1 - 0.3 * 0.3 + ROUNDING, "load " + load);
            assertTrue(profile.gain(h, sample.norms()[i]) <= 1);
        }
    }

    @Test
    void aLinearMapHasItsSingularValues() {
        Property.forAll(GsvdProfileTest.class, 6, GsvdProfileTest::checkLinear);
    }

    private static void checkLinear(Random random) {
        int n = 7;
        int p = 4;
        double[] a = random.doubles((long) p * n, -1, 1).toArray();
        double delta = 0.2;
        // Inputs in the row space excite every direction of the image.
        double[][] inputs = new double[3000][n];
        double[] images = new double[inputs.length * p];
        double[] norms = new double[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            double[] c = random.doubles(p, -1, 1).map(v -> v * 2).toArray();
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < p; k++) {
                    inputs[i][j] += a[k * n + j] * c[k];
                }
                norms[i] += inputs[i][j] * inputs[i][j];
            }
            norms[i] = Math.sqrt(norms[i]);
            for (int k = 0; k < p; k++) {
                for (int j = 0; j < n; j++) {
                    images[i * p + k] += a[k * n + j] * inputs[i][j];
                }
            }
        }
        GsvdProfile profile = GsvdProfile.fit(norms, images, new double[p], delta, 1e-6);
        SymmetricMatrix.Eigen gram = gram(a, p, n).eigen();
        for (int k = 0; k < p; k++) {
            double truth = Math.sqrt(gram.values()[k]);
            double found = profile.sigma()[k] * Math.sqrt(1 - delta * delta);
            assertTrue(found <= truth * (1 + 1e-3), found + " above " + truth);
            assertEquals(1, found / truth, 20 * ELLIPSOID, "sigma " + k);
        }
        assertEquals(profile.referenceGain(), profile.sigma()[0] * Math.sqrt(0.96), ROUNDING);
    }

    private static SymmetricMatrix gram(double[] a, int p, int n) {
        double[] g = new double[p * p];
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                for (int k = 0; k < n; k++) {
                    g[i * p + j] += a[i * n + k] * a[j * n + k];
                }
            }
        }
        return new SymmetricMatrix(p, g);
    }

    @Test
    void anEllipsoidOfItsOwnBoundaryPointsIsFound() {
        // Points on the axes of diag(1, 2, 3): no smaller centred ellipsoid holds them.
        double[] images = {1, 0, 0, 0, 2, 0, 0, 0, 3};
        GsvdProfile profile =
                GsvdProfile.fit(new double[] {1, 1, 1}, images, new double[3], 0.6, 0.5);
        assertArrayEquals(new double[] {3 / 0.8, 2 / 0.8, 1 / 0.8}, profile.sigma(), ELLIPSOID);
    }

    @Test
    void aLoadAboveOneHasNoLift() {
        GsvdProfile profile =
                GsvdProfile.fit(
                        new double[] {1, 1}, new double[] {1, 0, 0, 1}, new double[2], 0.5, 0.5);
        assertThrows(
                ArithmeticException.class,
                () -> profile.lift(new double[] {1, 0}, new double[] {3, 0}));
    }

    @Test
    void bytesKeepTheProfileAndOtherVersionsAreRefused() throws IOException {
        Random random = new Random(5);
        Net net = new Net(random, 6, 3);
        Sample sample = Sample.of(random, net, 100);
        GsvdProfile profile =
                GsvdProfile.fit(sample.norms(), sample.images(), new double[3], 0.5, 1e-3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        profile.write(new DataOutputStream(bytes));
        byte[] written = bytes.toByteArray();
        GsvdProfile read = GsvdProfile.read(in(written), 3);
        assertArrayEquals(profile.sigma(), read.sigma());
        assertArrayEquals(profile.directions(), read.directions());
        written[3] = 9;
        String message =
                assertThrows(IOException.class, () -> GsvdProfile.read(in(written), 3))
                        .getMessage();
        assertEquals("GSVD profile: version 1 read, found 9", message);
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    @Test
    void argumentsAreChecked() {
        double[] one = {1};
        assertThrows(IllegalArgumentException.class, () -> GsvdProfile.fit(one, one, one, 1.0, 1));
        assertThrows(IllegalArgumentException.class, () -> GsvdProfile.fit(one, one, one, 0.5, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> GsvdProfile.fit(one, new double[2], one, 0.5, 1));
        assertThrows(
                ArithmeticException.class,
                () -> GsvdProfile.fit(one, new double[2], new double[2], 0.5, 1));
    }

    /** A random network of one hidden layer. */
    record Net(double[] first, double[] second, int inputs, int outputs) {
        private static final int HIDDEN = 16;

        Net(Random random, int inputs, int outputs) {
            this(
                    random.doubles((long) HIDDEN * inputs, -1, 1).toArray(),
                    random.doubles((long) outputs * HIDDEN, -1, 1).toArray(),
                    inputs,
                    outputs);
        }

        double[] apply(double[] x) {
            double[] y = new double[outputs];
            for (int k = 0; k < HIDDEN; k++) {
                double sum = 0;
                for (int j = 0; j < inputs; j++) {
                    sum += first[k * inputs + j] * x[j];
                }
                for (int i = 0; i < outputs; i++) {
                    y[i] += second[i * HIDDEN + k] * Math.max(0, sum);
                }
            }
            return y;
        }
    }

    /** Random inputs with their norms and images. */
    record Sample(double[][] inputs, double[] norms, double[] images) {
        static Sample of(Random random, Net net, int count) {
            double[][] inputs = new double[count][];
            double[] norms = new double[count];
            double[] images = new double[count * net.outputs()];
            for (int i = 0; i < count; i++) {
                inputs[i] = random.doubles(net.inputs(), -1, 1).toArray();
                norms[i] = Math.sqrt(Arrays.stream(inputs[i]).map(v -> v * v).sum());
                double[] y = net.apply(inputs[i]);
                System.arraycopy(y, 0, images, i * y.length, y.length);
            }
            return new Sample(inputs, norms, images);
        }
    }
}
