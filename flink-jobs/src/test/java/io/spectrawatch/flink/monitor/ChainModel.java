package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.EigengapTest;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A model of three layers whose rows have a few strong latents: x, then y = x + relu(W x), then z =
 * C y + noise. Its input can drift, and so can W.
 */
public final class ChainModel {

    public static final List<String> NAMES = List.of("embed", "block", "out");
    public static final String FIRST = "embed->block";
    public static final String SECOND = "block->out";
    static final int[] COLUMNS = {16, 16, 12};
    static final long SPLIT_SEED = 7;

    private static final int LATENT = 4;
    private static final int[] RANKS = {4, 8, 8};
    private static final int BLOCK = 64;
    private static final int BLOCK_LAYER = 1;
    private static final int DETECTOR_SAMPLES = 700;

    /** As many as bound the means of generous tolerances without cutting scores off. */
    private static final int HELD_BACK = 120;

    private static final int ROWS_PER_SAMPLE = 3;

    /** One scenario, not a property: other weights may not move their structure when they drift. */
    private final Random weights = new Random(20260101);

    private final double[] mix = gaussian(COLUMNS[0] * LATENT, 1);
    private final double[] w = gaussian(COLUMNS[1] * COLUMNS[0], .25);
    private final double[] c = gaussian(COLUMNS[2] * COLUMNS[1], .25);
    private double shift;
    private double turn;

    private double[] gaussian(int count, double scale) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> scale * weights.nextGaussian());
        return values;
    }

    /** Moves the input's mean and one latent's size. */
    public ChainModel driftInput(double amount) {
        shift = amount;
        return this;
    }

    /** Changes W, not the input. */
    ChainModel driftMechanism(double amount) {
        turn = amount;
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
            double factor = i % 4 == 0 ? 1 - turn : 1;
            row[1][i] = row[0][i] + Math.max(factor * dot(w, i, row[0]), 0);
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
    public ActivationSnapshot snapshot(long capturedAt, Random random) {
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
        return ActivationSnapshot.newBuilder(TestLog.snapshot(capturedAt, TestLog.DIGEST, layers))
                .setSamples(samples)
                .build();
    }

    /** The samples of both in one snapshot, those of the second named batch and with attributes. */
    public static ActivationSnapshot mixed(
            ActivationSnapshot plain, ActivationSnapshot batch, Map<String, String> attributes) {
        List<Sample> samples = new ArrayList<>(plain.getSamples());
        for (Sample sample : batch.getSamples()) {
            samples.add(
                    Sample.newBuilder(sample)
                            .setId("batch-" + sample.getId())
                            .setAttributes(attributes)
                            .build());
        }
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < plain.getLayers().size(); l++) {
            Layer x = plain.getLayers().get(l);
            Layer y = batch.getLayers().get(l);
            List<Integer> owners = new ArrayList<>(x.getRowSample());
            y.getRowSample().forEach(owner -> owners.add(owner + plain.getSamples().size()));
            ByteBuffer data =
                    ByteBuffer.allocate(x.getData().remaining() + y.getData().remaining());
            data.put(x.getData().duplicate()).put(y.getData().duplicate()).flip();
            layers.add(
                    Layer.newBuilder(x)
                            .setRows(x.getRows() + y.getRows())
                            .setRowSample(owners)
                            .setData(data)
                            .build());
        }
        return ActivationSnapshot.newBuilder(plain).setSamples(samples).setLayers(layers).build();
    }

    /**
     * The same rows, whose samples say them; those of the last sample are a part of another one.
     *
     * @param id of that one
     */
    public static ActivationSnapshot parted(
            ActivationSnapshot snapshot, String id, int part, boolean last) {
        List<Integer> owners = snapshot.getLayers().get(0).getRowSample();
        int whole = snapshot.getSamples().size() - 1;
        List<Sample> samples = new ArrayList<>();
        for (int s = 0; s <= whole; s++) {
            int rows = Collections.frequency(owners, s);
            long position = s < whole ? 0 : 100L * part;
            Sample.Builder sample =
                    Sample.newBuilder(snapshot.getSamples().get(s))
                            .setRows(List.of(new RowRange(position, rows, null)));
            samples.add(
                    s < whole
                            ? sample.build()
                            : sample.setId(id).setPart(part).setLast(last).build());
        }
        List<Layer> layers = new ArrayList<>();
        for (Layer each : snapshot.getLayers()) {
            layers.add(Layer.newBuilder(each).setRowSample(null).build());
        }
        return ActivationSnapshot.newBuilder(snapshot)
                .setSamples(samples)
                .setLayers(layers)
                .build();
    }

    /** The same snapshot, saying what the rows of the block are. */
    public static ActivationSnapshot tapped(ActivationSnapshot snapshot, String tap) {
        List<Layer> layers = new ArrayList<>(snapshot.getLayers());
        layers.set(BLOCK_LAYER, Layer.newBuilder(layers.get(BLOCK_LAYER)).setTap(tap).build());
        return ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
    }

    /** The same baseline, saying what the rows of the block were. */
    static ModelBaseline tapped(ModelBaseline baseline, String tap) {
        List<LayerBaseline> layers = new ArrayList<>();
        for (LayerBaseline each : baseline.layers()) {
            layers.add(
                    new LayerBaseline(
                            each.index(),
                            each.name(),
                            each.columns(),
                            each.window(),
                            each.mean(),
                            each.energyPerRow(),
                            each.spectrum(),
                            each.name().equals(NAMES.get(BLOCK_LAYER)) ? tap : null));
        }
        return new ModelBaseline(
                baseline.model(),
                baseline.version(),
                baseline.digest(),
                layers,
                baseline.interfaces(),
                baseline.detector().orElse(null),
                baseline.provenance());
    }

    private static Layer layer(int layer, List<double[][]> rows, List<Integer> rowSample) {
        float[] values = values(layer, rows);
        return Layer.newBuilder(TestLog.layer(NAMES.get(layer), layer, COLUMNS[layer], values))
                .setRowSample(new ArrayList<>(rowSample))
                .build();
    }

    private static float[] values(int layer, List<double[][]> rows) {
        float[] values = new float[rows.size() * COLUMNS[layer]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows.get(i / COLUMNS[layer])[layer][i % COLUMNS[layer]];
        }
        return values;
    }

    /** Small pools and generous tolerances, so that a test needs few rows. */
    static CertificateOptions options() {
        return CertificateOptions.defaults()
                .withRows(100, 400, 6_400)
                .withMinimumCertified(.2)
                .withTolerances(.2, .008);
    }

    static CertificateOptions optionsByRank() {
        return options()
                .withThresholds(
                        new ThresholdOptions(.5, 1, .5, 0, 0, ThresholdOptions.Supports.RANK));
    }

    public ModelBaseline baseline() {
        return baseline(TestLog.DIGEST, options());
    }

    /** Calibrates on rows of its own. */
    public ModelBaseline baseline(String digest, CertificateOptions options) {
        return baseline(digest, options, null);
    }

    /**
     * Calibrates with a choice of channels as the block's window; for claims about the full matrix
     * with whole windows, which leave nothing out.
     *
     * @param channels of the block, or null for its leading directions
     */
    public ModelBaseline baseline(String digest, CertificateOptions options, int[] channels) {
        return baseline(new Random(11), digest, options, channels, false);
    }

    /** Calibrates certificates and a detector on rows of its own. */
    public ModelBaseline whole(long seed) {
        return baseline(new Random(seed), TestLog.DIGEST, options(), null, true);
    }

    private ModelBaseline baseline(
            Random random,
            String digest,
            CertificateOptions options,
            int[] channels,
            boolean detector) {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            List<double[][]> reference = rows(random, 8_000);
            List<LayerBaseline> layers = new ArrayList<>();
            for (int layer = 0; layer < NAMES.size(); layer++) {
                boolean whole = options.scope() == CertificateOptions.Scope.FULL;
                int rank = whole ? COLUMNS[layer] : RANKS[layer];
                layers.add(layer(layer, reference, rank, layer == 1 ? channels : null));
            }
            List<ModelInterface> interfaces = new ArrayList<>();
            for (int x = 0; x < NAMES.size() - 1; x++) {
                List<InterfaceMoments> heldBack = new ArrayList<>();
                for (int i = 0; i < HELD_BACK; i++) {
                    heldBack.add(moments(layers, x, rows(random, 400), random, kernels));
                }
                InterfaceCalibration calibration =
                        Certificates.calibrate(
                                ModelInterface.name(NAMES.get(x), NAMES.get(x + 1)),
                                moments(layers, x, reference, random, kernels),
                                heldBack,
                                groups(layers.get(x + 1)),
                                options,
                                modes(layers.get(x), reference.size()),
                                NAMES.size() - 1);
                if (!calibration.accepted()) {
                    throw new AssertionError(calibration.refusal());
                }
                interfaces.add(new ModelInterface(x, x + 1, calibration.baseline()));
            }
            return new ModelBaseline(
                    TestLog.MODEL,
                    TestLog.VERSION,
                    digest,
                    layers,
                    interfaces,
                    detector ? detector(random, kernels) : null,
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
            taps.add(new Tap(NAMES.get(layer), TapRole.HIDDEN, COLUMNS[layer]));
            values[layer] = values(layer, rows);
        }
        return Detector.fit(
                Activations.of(taps, values, samples),
                DetectorOptions.forTokens().withSeed(SPLIT_SEED),
                null,
                kernels);
    }

    private static RowGroups groups(LayerBaseline y) {
        RowGroups blocks = RowGroups.equalBlocks(y.columns(), 4);
        return y.window().ofChannels() ? blocks.of(y.window()) : blocks;
    }

    /** The eigengap test of the rows' own covariance. */
    private static EigengapTest modes(LayerBaseline x, long rows) {
        Ledger exact = new Ledger(0, 0, 0, x.energyPerRow() * rows, 1e-9 * rows);
        double[] eigenvalues = Arrays.stream(x.spectrum()).map(v -> v * rows).toArray();
        return new EigengapTest(
                new Spectrum(x.columns(), rows, eigenvalues, new double[0], exact),
                eigenvalues.length);
    }

    private List<double[][]> rows(Random random, int count) {
        List<double[][]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(random));
        }
        return rows;
    }

    /** The leading eigenvectors about the mean, or a choice of channels. */
    private static LayerBaseline layer(int layer, List<double[][]> rows, int rank, int[] channels) {
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
                channels == null
                        ? FrozenWindow.ofBasis(mean, Arrays.copyOf(eigen.vectors(), rank * d))
                        : FrozenWindow.ofChannels(mean, channels);
        return new LayerBaseline(
                layer,
                NAMES.get(layer),
                d,
                window,
                mean,
                covariance.trace(),
                Arrays.copyOf(eigen.values(), rank));
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
