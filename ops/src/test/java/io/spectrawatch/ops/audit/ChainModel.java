package io.spectrawatch.ops.audit;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.Calibration;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.FrozenWindow;
import io.spectrawatch.spectral.certificate.InterfaceMoments;
import io.spectrawatch.spectral.certificate.RowGroups;
import io.spectrawatch.spectral.certificate.SampleSplit;
import io.spectrawatch.spectral.certificate.WindowRows;
import io.spectrawatch.spectral.dense.SymmetricMatrix;
import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.Tap;
import io.spectrawatch.spectral.detect.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A model of three layers whose rows have a few strong latents: x, then y = x + relu(W x), then z =
 * C y + noise. Its input can drift.
 */
final class ChainModel {

    static final String MODEL = "chain/1";
    static final String VERSION = "7";
    static final String DIGEST = "cd".repeat(32);
    static final List<String> NAMES = List.of("embed", "block", "out");
    static final String FIRST = "embed->block";
    static final String SECOND = "block->out";
    static final int[] COLUMNS = {16, 16, 12};
    static final long SPLIT_SEED = 7;

    private static final int LATENT = 4;
    private static final int[] RANKS = {4, 8, 8};
    private static final int BLOCK = 64;
    private static final int DETECTOR_SAMPLES = 700;
    private static final int ROWS_PER_SAMPLE = 3;

    /** One scenario, not a property: other weights may not move their structure when they drift. */
    private final Random weights = new Random(20260101);

    private final double[] mix = gaussian(COLUMNS[0] * LATENT, 1);
    private final double[] w = gaussian(COLUMNS[1] * COLUMNS[0], .25);
    private final double[] c = gaussian(COLUMNS[2] * COLUMNS[1], .25);
    private double shift;

    private double[] gaussian(int count, double scale) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> scale * weights.nextGaussian());
        return values;
    }

    /** Moves the input's mean and one latent's size. */
    ChainModel driftInput(double amount) {
        shift = amount;
        return this;
    }

    /** The activations of one row at all three layers. */
    private double[][] row(Random random) {
        double[][] row = {new double[COLUMNS[0]], new double[COLUMNS[1]], new double[COLUMNS[2]]};
        for (int latent = 0; latent < LATENT; latent++) {
            double value =
                    random.nextGaussian() * (latent == 0 ? 1 + shift : 1)
                            + (latent == 1 ? shift : 0);
            for (int j = 0; j < COLUMNS[0]; j++) {
                row[0][j] += mix[j * LATENT + latent] * value;
            }
        }
        for (int j = 0; j < COLUMNS[0]; j++) {
            row[0][j] += .1 * random.nextGaussian();
        }
        for (int i = 0; i < COLUMNS[1]; i++) {
            row[1][i] = row[0][i] + Math.max(dot(w, i, row[0]), 0);
        }
        for (int i = 0; i < COLUMNS[2]; i++) {
            row[2][i] = dot(c, i, row[1]) + .1 * random.nextGaussian();
        }
        return row;
    }

    private static double dot(double[] matrix, int row, double[] vector) {
        double sum = 0;
        for (int j = 0; j < vector.length; j++) {
            sum += matrix[row * vector.length + j] * vector[j];
        }
        return sum;
    }

    /** One to three samples of one to five rows each, in single precision. */
    ActivationSnapshot snapshot(long capturedAt, Random random) {
        List<Sample> samples = new ArrayList<>();
        List<Integer> rowSample = new ArrayList<>();
        List<double[][]> rows = new ArrayList<>();
        for (int sample = 0; sample < 1 + random.nextInt(3); sample++) {
            samples.add(
                    Sample.newBuilder()
                            .setId(capturedAt + "-" + sample)
                            .setSamplingWeight(1.0)
                            .build());
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                rowSample.add(sample);
                rows.add(row(random));
            }
        }
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < NAMES.size(); layer++) {
            layers.add(layer(layer, rows, rowSample));
        }
        return ActivationSnapshot.newBuilder()
                .setModelId(MODEL)
                .setModelVersion(VERSION)
                .setModelDigest(DIGEST)
                .setCaptureId("capture")
                .setSequence(capturedAt)
                .setCapturedAt(capturedAt)
                .setSamples(samples)
                .setLayers(layers)
                .build();
    }

    private static Layer layer(int layer, List<double[][]> rows, List<Integer> rowSample) {
        int columns = COLUMNS[layer];
        ByteBuffer data =
                ByteBuffer.allocate(rows.size() * columns * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (double[][] row : rows) {
            for (int j = 0; j < columns; j++) {
                data.putFloat((float) row[layer][j]);
            }
        }
        return Layer.newBuilder()
                .setName(NAMES.get(layer))
                .setIndex(layer)
                .setRole(LayerRole.HIDDEN)
                .setRows(rows.size())
                .setColumns(columns)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(new ArrayList<>(rowSample))
                .setData(data.flip())
                .build();
    }

    /** Small pools and generous tolerances, so that a test needs few rows. */
    static CertificateOptions options() {
        return CertificateOptions.defaults()
                .withRows(100, 400, 6_400)
                .withMinimumCertified(.2)
                .withTolerances(.2, .008);
    }

    /** Calibrates on rows of its own. */
    ModelBaseline baseline(long seed) {
        CertificateOptions options = options();
        Random random = new Random(seed);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            List<double[][]> reference = rows(random, 8_000);
            List<LayerBaseline> layers = new ArrayList<>();
            for (int layer = 0; layer < NAMES.size(); layer++) {
                layers.add(layer(layer, reference));
            }
            List<ModelInterface> interfaces = new ArrayList<>();
            for (int x = 0; x < NAMES.size() - 1; x++) {
                List<InterfaceMoments> heldBack = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    heldBack.add(moments(layers, x, rows(random, 400), random, kernels));
                }
                Calibration calibration =
                        Certificates.calibrate(
                                ModelInterface.name(NAMES.get(x), NAMES.get(x + 1)),
                                moments(layers, x, reference, random, kernels),
                                heldBack,
                                RowGroups.equalBlocks(COLUMNS[x + 1], 4),
                                options);
                if (!calibration.accepted()) {
                    throw new AssertionError(calibration.refusal());
                }
                interfaces.add(new ModelInterface(x, x + 1, calibration.baseline()));
            }
            return new ModelBaseline(
                    MODEL,
                    VERSION,
                    DIGEST,
                    layers,
                    interfaces,
                    detector(random, kernels),
                    new Provenance(List.of(), SPLIT_SEED, 3L * reference.size()));
        }
    }

    /** Of samples of several rows, as snapshots hold them. */
    private Detector detector(Random random, Kernels kernels) {
        List<double[][]> rows = rows(random, DETECTOR_SAMPLES * ROWS_PER_SAMPLE);
        int[] samples = new int[rows.size()];
        Arrays.setAll(samples, i -> i / ROWS_PER_SAMPLE);
        List<Tap> taps = new ArrayList<>();
        float[][] values = new float[NAMES.size()][];
        for (int layer = 0; layer < NAMES.size(); layer++) {
            int d = COLUMNS[layer];
            taps.add(new Tap(NAMES.get(layer), TapRole.HIDDEN, d));
            values[layer] = new float[rows.size() * d];
            for (int i = 0; i < values[layer].length; i++) {
                values[layer][i] = (float) rows.get(i / d)[layer][i % d];
            }
        }
        return Detector.fit(
                Activations.of(taps, values, samples),
                DetectorOptions.forTokens().withSeed(SPLIT_SEED),
                null,
                kernels);
    }

    private List<double[][]> rows(Random random, int count) {
        List<double[][]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(random));
        }
        return rows;
    }

    /** The leading eigenvectors about the mean. */
    private static LayerBaseline layer(int layer, List<double[][]> rows) {
        int d = COLUMNS[layer];
        double[] mean = new double[d];
        rows.forEach(row -> Arrays.setAll(mean, j -> mean[j] + row[layer][j] / rows.size()));
        double[] moment = new double[d * d];
        for (double[][] row : rows) {
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    moment[i * d + j] +=
                            (row[layer][i] - mean[i]) * (row[layer][j] - mean[j]) / rows.size();
                }
            }
        }
        SymmetricMatrix covariance = new SymmetricMatrix(d, moment);
        SymmetricMatrix.Eigen eigen = covariance.eigen();
        FrozenWindow window =
                FrozenWindow.ofBasis(mean, Arrays.copyOf(eigen.vectors(), RANKS[layer] * d));
        return new LayerBaseline(
                layer,
                NAMES.get(layer),
                d,
                window,
                mean,
                covariance.trace(),
                Arrays.copyOf(eigen.values(), RANKS[layer]));
    }

    private static InterfaceMoments moments(
            List<LayerBaseline> layers,
            int x,
            List<double[][]> rows,
            Random random,
            Kernels kernels) {
        InterfaceMoments moments =
                new InterfaceMoments(layers.get(x).window(), layers.get(x + 1).window());
        try (WindowRows windowX = new WindowRows(kernels, moments.windowX(), BLOCK);
                WindowRows windowY = new WindowRows(kernels, moments.windowY(), BLOCK)) {
            RowBlock blockX = new RowBlock(BLOCK, COLUMNS[x]);
            RowBlock blockY = new RowBlock(BLOCK, COLUMNS[x + 1]);
            byte[] halves = new byte[BLOCK];
            for (double[][] row : rows) {
                String id = Long.toString(random.nextLong());
                halves[blockX.rows()] = (byte) SampleSplit.half(SPLIT_SEED, id);
                blockX.append(row[x]);
                blockY.append(row[x + 1]);
                if (blockX.isFull() || row == rows.get(rows.size() - 1)) {
                    windowX.project(blockX, halves);
                    windowY.project(blockY, halves);
                    moments.update(windowX, windowY);
                    blockX.clear();
                    blockY.clear();
                }
            }
        }
        return moments;
    }
}
