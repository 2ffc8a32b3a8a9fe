package io.spectrawatch.spectral.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.Tolerances;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every provider of kernels promises, against plain loops. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KernelsContract {
    private static final int CASES = 20;

    private Kernels kernels;

    abstract Kernels open();

    @BeforeAll
    void openKernels() {
        kernels = open();
    }

    @AfterAll
    void closeKernels() {
        if (kernels != null) {
            kernels.close();
        }
    }

    private static DoubleBuffer random(Random random, int elements) {
        DoubleBuffer buffer = Workspace.allocate(elements);
        for (int i = 0; i < elements; i++) {
            buffer.put(i, random.nextGaussian());
        }
        return buffer;
    }

    private static double dot(DoubleBuffer a, int rowA, DoubleBuffer b, int rowB, int d) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
            sum += a.get(rowA * d + j) * b.get(rowB * d + j);
        }
        return sum;
    }

    @Test
    void describesItself() {
        KernelDescription description = kernels.description();
        assertFalse(description.libraryVersion().isBlank());
        assertFalse(description.coreName().isBlank());
        assertEquals(1, description.threads());
    }

    @Test
    void multipliesIntoBlocksOfAMatrix() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int m = 1 + random.nextInt(20);
                    int n = 1 + random.nextInt(20);
                    int d = 1 + random.nextInt(60);
                    DoubleBuffer a = random(random, m * d);
                    DoubleBuffer b = random(random, n * d);
                    int ld = n + 5;
                    DoubleBuffer out = Workspace.allocate(3 + m * ld);
                    kernels.cross(m, n, d, a, b, out, 3, ld);
                    for (int i = 0; i < m; i++) {
                        for (int j = 0; j < n; j++) {
                            assertEquals(
                                    dot(a, i, b, j, d),
                                    out.get(3 + i * ld + j),
                                    d * Tolerances.FP64);
                        }
                        for (int j = n; j < ld; j++) {
                            assertEquals(0, out.get(3 + i * ld + j), 0.0, "outside the block");
                        }
                    }
                });
    }

    /** Widths at which kernels with AVX-512 treat the rows that remain by themselves. */
    @Test
    void aRowsProductDoesNotDependOnItsPlaceAmongEvenRows() {
        Property.forAll(
                getClass(),
                2 * CASES,
                random -> {
                    int m = Kernels.EVEN_ROWS * (1 + random.nextInt(5));
                    int n =
                            random.nextBoolean()
                                    ? 450 + random.nextInt(300)
                                    : 1 + random.nextInt(300);
                    int d = 1 + random.nextInt(400);
                    int shift = 1 + random.nextInt(m - 1);
                    DoubleBuffer rows = random(random, m * d);
                    DoubleBuffer shifted = Workspace.allocate(m * d);
                    for (int i = 0; i < m; i++) {
                        shifted.put((i + shift) % m * d, rows, i * d, d);
                    }
                    DoubleBuffer other = random(random, n * d);
                    DoubleBuffer out = Workspace.allocate(m * n);
                    DoubleBuffer after = Workspace.allocate(m * n);
                    kernels.cross(m, n, d, rows, other, out, 0, n);
                    kernels.cross(m, n, d, shifted, other, after, 0, n);
                    requireShifted(m, n, shift, out, after);
                    kernels.rotate(m, d, n, rows, 0, d, other, false, out);
                    kernels.rotate(m, d, n, shifted, 0, d, other, false, after);
                    requireShifted(m, n, shift, out, after);
                });
    }

    @Test
    void aSingleProductIsTheProductWithinItsRounding() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int k = 1 + random.nextInt(60);
                    int m = 1 + random.nextInt(80);
                    int d = 1 + random.nextInt(300);
                    float[] w = new float[k * m];
                    for (int i = 0; i < w.length; i++) {
                        w[i] = (float) random.nextGaussian();
                    }
                    FloatBuffer rows =
                            ByteBuffer.allocateDirect(m * d * Float.BYTES)
                                    .order(ByteOrder.nativeOrder())
                                    .asFloatBuffer();
                    for (int i = 0; i < m * d; i++) {
                        rows.put(i, (float) random.nextGaussian());
                    }
                    float[] out = new float[k * d];
                    kernels.singleProduct(k, m, d, w, rows, out);
                    for (int i = 0; i < k; i++) {
                        for (int j = 0; j < d; j++) {
                            double sum = 0;
                            double sizes = 0;
                            for (int c = 0; c < m; c++) {
                                double term = (double) w[i * m + c] * rows.get(c * d + j);
                                sum += term;
                                sizes += Math.abs(term);
                            }
                            assertEquals(sum, out[i * d + j], (m + 2) * 0x1p-24 * sizes);
                        }
                    }
                });
    }

    @Test
    void aSingleProductOfWholeNumbersIsExact() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int k = 1 + random.nextInt(60);
                    int m = 1 + random.nextInt(200);
                    int d = 1 + random.nextInt(130);
                    int most = (int) (4096 / Math.sqrt(m));
                    float[] w = new float[k * m];
                    for (int i = 0; i < w.length; i++) {
                        w[i] = random.nextInt(2 * most + 1) - most;
                    }
                    FloatBuffer rows =
                            ByteBuffer.allocateDirect(m * d * Float.BYTES)
                                    .order(ByteOrder.nativeOrder())
                                    .asFloatBuffer();
                    for (int i = 0; i < m * d; i++) {
                        rows.put(i, random.nextInt(2 * most + 1) - most);
                    }
                    float[] out = new float[k * d];
                    kernels.singleProduct(k, m, d, w, rows, out);
                    for (int i = 0; i < k; i++) {
                        for (int j = 0; j < d; j++) {
                            long sum = 0;
                            for (int c = 0; c < m; c++) {
                                sum += (long) w[i * m + c] * (long) rows.get(c * d + j);
                            }
                            assertEquals(sum, out[i * d + j]);
                        }
                    }
                });
    }

    private static void requireShifted(
            int m, int n, int shift, DoubleBuffer before, DoubleBuffer after) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(before.get(i * n + j), after.get((i + shift) % m * n + j), 0.0);
            }
        }
    }

    @Test
    void coordinatesAreTheProductWithDirectionsInColumns() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    // With 128 rows and 128 directions the host multiplies in its smallest parts.
                    boolean wide = random.nextInt(4) == 0;
                    int n = wide ? 128 : 1 + random.nextInt(20);
                    int k = wide ? 128 : 1 + random.nextInt(20);
                    int d = 1 + random.nextInt(300);
                    DoubleBuffer rows = random(random, n * d);
                    DoubleBuffer directions = random(random, d * k);
                    DoubleBuffer out = random(random, n * k);
                    kernels.coordinates(n, d, k, rows, directions, out);
                    for (int i = 0; i < n; i++) {
                        for (int j = 0; j < k; j++) {
                            double sum = 0;
                            for (int t = 0; t < d; t++) {
                                sum += rows.get(i * d + t) * directions.get(t * k + j);
                            }
                            assertEquals(sum, out.get(i * k + j), d * Tolerances.FP64);
                        }
                    }
                });
    }

    @Test
    void gramFillsTheUpperTriangle() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int n = 1 + random.nextInt(20);
                    int d = 1 + random.nextInt(60);
                    DoubleBuffer a = random(random, n * d);
                    DoubleBuffer g = Workspace.allocate((n + 2) * (n + 2));
                    kernels.gram(n, d, a, g, 2 * (n + 3), n + 2);
                    for (int i = 0; i < n; i++) {
                        for (int j = i; j < n; j++) {
                            double found = g.get(2 * (n + 3) + i * (n + 2) + j);
                            assertEquals(dot(a, i, a, j, d), found, d * Tolerances.FP64);
                        }
                    }
                });
    }

    @Test
    void accumulatesMoments() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int n = 1 + random.nextInt(20);
                    int d = 1 + random.nextInt(30);
                    DoubleBuffer a = random(random, n * d);
                    DoubleBuffer moment = random(random, d * d);
                    DoubleBuffer before = Workspace.allocate(d * d).put(0, moment, 0, d * d);
                    kernels.addMoment(n, d, a, moment);
                    for (int i = 0; i < d; i++) {
                        for (int j = i; j < d; j++) {
                            double expected = before.get(i * d + j);
                            for (int k = 0; k < n; k++) {
                                expected += a.get(k * d + i) * a.get(k * d + j);
                            }
                            assertEquals(expected, moment.get(i * d + j), n * Tolerances.FP64);
                        }
                    }
                });
    }

    @Test
    void rotatesOverwritingOrAdding() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int k = 1 + random.nextInt(10);
                    int m = 1 + random.nextInt(10);
                    int d = 1 + random.nextInt(50);
                    int ld = m + 3;
                    DoubleBuffer w = random(random, 2 + k * ld);
                    DoubleBuffer rows = random(random, m * d);
                    DoubleBuffer out = random(random, k * d);
                    double first = out.get(0);
                    kernels.rotate(k, m, d, w, 2, ld, rows, true, out);
                    assertEquals(
                            first + combination(w, 2, m, rows, 0), out.get(0), Tolerances.FP64);
                    kernels.rotate(k, m, d, w, 2, ld, rows, false, out);
                    for (int i = 0; i < k; i++) {
                        for (int j = 0; j < d; j++) {
                            double expected = 0;
                            for (int r = 0; r < m; r++) {
                                expected += w.get(2 + i * ld + r) * rows.get(r * d + j);
                            }
                            assertEquals(expected, out.get(i * d + j), Tolerances.FP64);
                        }
                    }
                });
    }

    private static double combination(
            DoubleBuffer w, int at, int m, DoubleBuffer rows, int column) {
        double sum = 0;
        int d = rows.capacity() / m;
        for (int r = 0; r < m; r++) {
            sum += w.get(at + r) * rows.get(r * d + column);
        }
        return sum;
    }

    @Test
    void solvesTheSymmetricEigenproblem() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int m = 1 + random.nextInt(40);
                    DoubleBuffer a = random(random, m * m);
                    DoubleBuffer vectors = Workspace.allocate(m * m).put(0, a, 0, m * m);
                    DoubleBuffer values = Workspace.allocate(m);
                    kernels.eigen(m, vectors, values);
                    for (int i = 0; i < m; i++) {
                        assertTrue(i == 0 || values.get(i - 1) <= values.get(i), "ascending");
                        for (int row = 0; row < m; row++) {
                            double image = 0;
                            for (int j = 0; j < m; j++) {
                                double entry = j >= row ? a.get(row * m + j) : a.get(j * m + row);
                                image += entry * vectors.get(i * m + j);
                            }
                            double expected = values.get(i) * vectors.get(i * m + row);
                            assertEquals(expected, image, 100 * Tolerances.FP64);
                        }
                    }
                });
    }

    /** Spectra like those of a sketch: graded, clustered, of low rank, tiny and huge. */
    @Test
    void findsTheLeadingEigenvectors() {
        Property.forAll(getClass(), 8 * CASES, this::checkLeading);
    }

    private void checkLeading(Random random) {
        int m = 1 + random.nextInt(140);
        int k = 1 + random.nextInt(m);
        int rank = random.nextInt(3) == 0 ? 1 + random.nextInt(m) : m;
        int known = random.nextInt(m);
        double decay = random.nextInt(3);
        double scale = Math.scalb(1.0, random.nextInt(5) == 0 ? 400 * (random.nextInt(3) - 1) : 0);
        boolean clustered = random.nextInt(4) == 0;
        int d = 2 * m;
        DoubleBuffer factor = Workspace.allocate((long) m * d);
        for (int i = 0; i < rank; i++) {
            double length = clustered ? 1 + i % 3 : Math.pow(i + 1, -decay);
            for (int j = 0; j < d; j++) {
                // Rows that are orthogonal already, then others that are not.
                double entry = i < known ? (i == j ? 10 : 0) : random.nextGaussian();
                factor.put(i * d + j, length * entry);
            }
        }
        DoubleBuffer gram = Workspace.allocate((long) m * m);
        kernels.gram(m, d, factor, gram, 0, m);
        double[] full = new double[m * m];
        double trace = 0;
        for (int i = 0; i < m; i++) {
            trace += scale * gram.get(i * m + i);
            for (int j = i; j < m; j++) {
                full[i * m + j] = scale * gram.get(i * m + j);
                full[j * m + i] = full[i * m + j];
                gram.put(i * m + j, full[i * m + j]);
            }
        }
        DoubleBuffer all = Workspace.allocate((long) m * m).put(0, full, 0, m * m);
        DoubleBuffer expected = Workspace.allocate(m);
        DoubleBuffer values = Workspace.allocate(m);
        kernels.eigen(m, all, expected);
        kernels.leadingEigen(m, k, gram, values);
        double tolerance = 8 * m * 0x1p-53 * trace;
        for (int i = 0; i < m; i++) {
            assertEquals(expected.get(i), values.get(i), tolerance, "eigenvalue " + i);
        }
        for (int i = m - k; i < m; i++) {
            double square = 0;
            for (int row = 0; row < m; row++) {
                double image = 0;
                for (int j = 0; j < m; j++) {
                    image += full[row * m + j] * gram.get(i * m + j);
                }
                square += Math.pow((image - values.get(i) * gram.get(i * m + row)) / trace, 2);
            }
            assertTrue(Math.sqrt(square) <= 8 * m * 0x1p-53, "residual of vector " + i);
            for (int other = m - k; other <= i; other++) {
                double product = dot(gram, i, gram, other, m);
                assertEquals(i == other ? 1 : 0, product, 8 * m * 0x1p-53, "orthonormal");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void blockStepsTakeRowsAsTheyArrive(ElementType type) {
        Property.forAll(getClass(), CASES, random -> checkBlockStep(random, type));
    }

    private static RowBlock block(Random random, ElementType type, int n, int d) {
        RowBlock block = new RowBlock(n + 2, d);
        ByteBuffer raw = ByteBuffer.allocate(n * d * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n * d; i++) {
            float value = (float) random.nextGaussian() + 2;
            switch (type) {
                case FLOAT32 -> raw.putFloat(4 * i, value);
                // Normal numbers between 1 and 2.
                case FLOAT16 -> raw.putShort(2 * i, (short) (0x3C00 | random.nextInt(1 << 10)));
                case BFLOAT16 -> raw.putShort(2 * i, (short) (Float.floatToIntBits(value) >>> 16));
            }
        }
        block.append(raw, type, 0, n);
        return block;
    }

    private void checkBlockStep(Random random, ElementType type) {
        int n = 1 + random.nextInt(12);
        int d = 2 + random.nextInt(30);
        int rank = random.nextInt(5);
        BlockStep step = new BlockStep();
        step.block = block(random, type, n, d);
        step.runningMean = random(random, d);
        step.pull = random.nextBoolean() ? 1 : random.nextDouble();
        step.anchor = random.nextBoolean() ? random(random, d) : null;
        DoubleBuffer directions = random(random, Math.max(rank, 1) * d);
        double[] mean = new double[d];
        for (int i = 0; i < n * d; i++) {
            mean[i % d] += step.block.values().get(i) / n;
        }
        DoubleBuffer rows = Workspace.allocate(n * d);
        double energy = 0;
        for (int i = 0; i < n * d; i++) {
            int j = i % d;
            double running = step.runningMean.get(j);
            double offset =
                    step.anchor == null
                            ? running + step.pull * (mean[j] - running)
                            : step.anchor.get(j);
            rows.put(i, step.block.values().get(i) - offset);
            energy += rows.get(i) * rows.get(i);
        }
        int m = rank + n;
        double tolerance = 100 * d * Tolerances.FP64;
        DoubleBuffer gram = Workspace.allocate(m * m);
        assertEquals(energy, kernels.blockProducts(step, rank, directions, gram), tolerance);
        for (int i = 0; i < m; i++) {
            for (int j = Math.max(i, rank); j < m; j++) {
                double expected =
                        i < rank
                                ? dot(directions, i, rows, j - rank, d)
                                : dot(rows, i - rank, rows, j - rank, d);
                assertEquals(expected, gram.get(i * m + j), tolerance);
            }
        }
        for (int j = 0; j < d; j++) {
            assertEquals(mean[j], step.blockMean.get(j), tolerance);
        }
        checkRotation(random, step, rank, directions, rows, m);
        checkMoment(random, step, rows, n, energy);
    }

    private void checkRotation(
            Random random,
            BlockStep step,
            int rank,
            DoubleBuffer directions,
            DoubleBuffer rows,
            int m) {
        int d = step.block.dimension();
        DoubleBuffer weights = random(random, 2 * m);
        DoubleBuffer out = Workspace.allocate(2 * d);
        kernels.blockRotate(step, 2, rank, directions, weights, out);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < d; j++) {
                double expected = 0;
                for (int r = 0; r < m; r++) {
                    double entry =
                            r < rank ? directions.get(r * d + j) : rows.get((r - rank) * d + j);
                    expected += weights.get(i * m + r) * entry;
                }
                assertEquals(expected, out.get(i * d + j), 100 * Tolerances.FP64);
            }
        }
    }

    private void checkMoment(
            Random random, BlockStep step, DoubleBuffer rows, int count, double energy) {
        int d = step.block.dimension();
        DoubleBuffer moment = random(random, d * d);
        double before = moment.get(1);
        double tolerance = 100 * d * Tolerances.FP64;
        assertEquals(energy, kernels.blockMoment(step, 0.5, Double.MAX_VALUE, moment), tolerance);
        double expected = 0.5 * before;
        for (int i = 0; i < count; i++) {
            expected += rows.get(i * d) * rows.get(i * d + 1);
        }
        assertEquals(expected, moment.get(1), tolerance);
        DoubleBuffer probes = random(random, 2 * d);
        DoubleBuffer products = Workspace.allocate(2 * d);
        kernels.blockProbes(step, 2, probes, products);
        double image = 0;
        for (int i = 0; i < count; i++) {
            image += dot(probes, 1, rows, i, d) * rows.get(i * d);
        }
        assertEquals(image, products.get(d), tolerance);
    }

    /** Products may be narrowed or not, in every element within what fp32 sums can be wrong by. */
    @Test
    void narrowedMomentsStayWithinTheirBound() {
        Property.forAll(getClass(), CASES, this::checkNarrowed);
    }

    private void checkNarrowed(Random random) {
        int d = 1 + random.nextInt(100);
        int n = 1 + random.nextInt(120);
        BlockStep step = new BlockStep();
        step.block = block(random, ElementType.FLOAT32, n, d);
        step.anchor = random(random, d);
        DoubleBuffer exact = random(random, d * d);
        DoubleBuffer narrowed = Workspace.allocate(d * d);
        narrowed.put(0, exact, 0, d * d);
        double energy = kernels.blockMoment(step, 0.5, Double.MAX_VALUE, exact);
        step.singleTerms = 1 + random.nextInt(n);
        assertEquals(
                energy,
                kernels.blockMoment(step, 0.5, Double.MAX_VALUE, narrowed),
                1e-14 * energy,
                "the energy is fp64");
        double largest = 0;
        for (int i = 0; i < d; i++) {
            double square = 0;
            for (int r = 0; r < n; r++) {
                double entry = step.block.values().get(r * d + i) - step.anchor.get(i);
                square += entry * entry;
            }
            largest = Math.max(largest, square);
        }
        double allowed = Roundoff.singleGamma(step.singleTerms + 3) * largest;
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                assertEquals(exact.get(i * d + j), narrowed.get(i * d + j), allowed);
            }
        }
    }

    /** Widths of one part, of several and of more than a strip. */
    @ParameterizedTest
    @EnumSource(ElementType.class)
    void projectsRowsAboutAnAnchor(ElementType type) {
        Property.forAll(getClass(), CASES, random -> checkProjection(random, type));
    }

    private void checkProjection(Random random, ElementType type) {
        int d = 1 + random.nextInt(new int[] {20, 400, 2_100}[random.nextInt(3)]);
        WindowStep step = new WindowStep();
        step.block = block(random, type, 2 + random.nextInt(20), d);
        step.from = random.nextInt(step.block.rows());
        int n = 1 + random.nextInt(step.block.rows() - step.from);
        int k = 1 + random.nextInt(8);
        step.count = n;
        step.anchor = random(random, d);
        step.rank = k;
        step.basis = random.nextInt(4) == 0 ? null : random(random, d * k);
        step.members = Workspace.allocate(2 * n);
        for (int i = 0; i < n; i++) {
            step.members.put(random.nextInt(2) * n + i, 1);
        }
        step.coordinates = random(random, n * k);
        step.sums = random(random, 2 * d);
        DoubleBuffer values = Workspace.allocate((long) step.block.rows() * d);
        step.block.widenInto(0, step.block.rows(), values);
        kernels.project(step);
        double[] energy = new double[2];
        double[] sums = new double[2 * d];
        for (int i = 0; i < n; i++) {
            int half = step.members.get(i) == 1 ? 0 : 1;
            for (int j = 0; j < d; j++) {
                double value = values.get((step.from + i) * d + j) - step.anchor.get(j);
                assertEquals(value, step.rows.get(i * d + j), 0.0);
                energy[half] += value * value;
                sums[half * d + j] += value;
            }
        }
        double tolerance = 100 * d * Tolerances.FP64;
        for (int h = 0; h < 2; h++) {
            assertEquals(energy[h], step.energy[h], n * tolerance);
        }
        for (int i = 0; i < 2 * d; i++) {
            assertEquals(sums[i], step.sums.get(i), tolerance);
        }
        for (int i = 0; step.basis != null && i < n * k; i++) {
            double expected = 0;
            for (int j = 0; j < d; j++) {
                expected += step.rows.get(i / k * d + j) * step.basis.get(j * k + i % k);
            }
            assertEquals(expected, step.coordinates.get(i), tolerance);
        }
    }

    @Test
    void multipliesCoordinates() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int n = 1 + random.nextInt(20);
                    int k = 1 + random.nextInt(10);
                    int m = 1 + random.nextInt(10);
                    DoubleBuffer a = random(random, 3 + n * k);
                    DoubleBuffer b = random(random, 5 + n * m);
                    DoubleBuffer out = random(random, k * m);
                    kernels.crossMoment(k, m, n, a.position(3), b.position(5), out);
                    for (int i = 0; i < k * m; i++) {
                        double expected = 0;
                        for (int row = 0; row < n; row++) {
                            expected += a.get(3 + row * k + i / m) * b.get(5 + row * m + i % m);
                        }
                        assertEquals(expected, out.get(i), n * Tolerances.FP64);
                    }
                });
    }

    @Test
    void doesNotTouchTheMomentOfABlockThatIsNotFinite() {
        BlockStep step = new BlockStep();
        step.block = new RowBlock(2, 3);
        step.block.append(new double[] {1, Double.NaN, 2});
        step.runningMean = Workspace.allocate(3);
        DoubleBuffer moment = Workspace.allocate(9).put(0, 7);
        assertFalse(Double.isFinite(kernels.blockMoment(step, 0.5, Double.MAX_VALUE, moment)));
        assertEquals(7, moment.get(0));
        step.block.clear();
        step.block.append(new double[] {1, 2, 2});
        step.block.append(new double[] {-1, -2, -2});
        assertEquals(18, kernels.blockMoment(step, 0.5, 17, moment), 1e-9);
        assertEquals(7, moment.get(0));
    }

    @Test
    void passesTheKnownProduct() {
        KernelProviders.probe(kernels);
    }
}
