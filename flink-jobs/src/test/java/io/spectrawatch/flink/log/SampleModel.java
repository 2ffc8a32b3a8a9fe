package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small classifier over Gaussian classes whose samples can be clean, swapped or foreign. */
public final class SampleModel {

    private static final String MODEL = TestLog.MODEL;
    private static final String VERSION = TestLog.VERSION;
    private static final String DIGEST = TestLog.DIGEST;
    public static final List<Tap> TAPS =
            List.of(
                    new Tap("hidden", TapRole.HIDDEN, 12),
                    new Tap("embedding", TapRole.EMBEDDING, 6),
                    new Tap("logits", TapRole.LOGITS, 3));

    private static final int CLASSES = 3;

    private final double[][] centres = new double[CLASSES][];
    private final double[] mixing;

    /** Draws centres and weights. */
    public SampleModel(long seed) {
        Random random = new Random(seed);
        for (int c = 0; c < CLASSES; c++) {
            centres[c] = random.doubles(12, -3, 3).toArray();
        }
        mixing = random.doubles(12 * 6, -0.5, 0.5).toArray();
    }

    /** What a sample is. */
    public enum Nature {
        CLEAN,
        /** The first layer of one class under the last layers of another. */
        SWAPPED,
        FOREIGN
    }

    /** One sample of some rows, as the model would hold them: per row and tap. */
    public record Drawn(String id, String client, float[][][] rows) {}

    public Drawn draw(String id, String client, Nature nature, int rows, Random random) {
        float[][][] values = new float[rows][][];
        int c = random.nextInt(CLASSES);
        for (int r = 0; r < rows; r++) {
            values[r] = row(c, nature, random);
        }
        return new Drawn(id, client, values);
    }

    private float[][] row(int c, Nature nature, Random random) {
        float[] hidden = new float[12];
        float[] embedding = new float[6];
        float[] logits = new float[CLASSES];
        int seen = nature == Nature.SWAPPED ? (c + 1) % CLASSES : c;
        for (int j = 0; j < 12; j++) {
            double shift = nature == Nature.FOREIGN ? 20 : 0;
            hidden[j] = (float) (centres[seen][j] + random.nextGaussian() + shift);
        }
        for (int i = 0; i < 6; i++) {
            double sum = 0;
            for (int j = 0; j < 12; j++) {
                sum += mixing[i * 12 + j] * centres[c][j];
            }
            embedding[i] = (float) (sum + 0.3 * random.nextGaussian());
        }
        for (int k = 0; k < CLASSES; k++) {
            logits[k] = (float) ((k == c ? 5 : 0) + random.nextGaussian());
        }
        return new float[][] {hidden, embedding, logits};
    }

    /** A head that answers the class whose mean embedding is nearest. */
    public Head head() {
        double[] weights = new double[CLASSES * 6];
        double[] bias = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 12; j++) {
                    weights[c * 6 + i] += mixing[i * 12 + j] * centres[c][j];
                }
                bias[c] -= weights[c * 6 + i] * weights[c * 6 + i] / 2;
            }
        }
        return new Head(weights, bias);
    }

    /** The same sample with the logits that a head makes of its embedding. */
    public static Drawn headed(Drawn sample, Head head) {
        float[][][] rows = new float[sample.rows().length][][];
        for (int r = 0; r < rows.length; r++) {
            float[] embedding = sample.rows()[r][1];
            float[] logits = new float[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                double sum = head.bias()[c];
                for (int i = 0; i < embedding.length; i++) {
                    sum += head.weights()[c * embedding.length + i] * embedding[i];
                }
                logits[c] = (float) sum;
            }
            rows[r] = new float[][] {sample.rows()[r][0], embedding, logits};
        }
        return new Drawn(sample.id(), sample.client(), rows);
    }

    public static Activations activations(List<Drawn> samples) {
        int rows = samples.stream().mapToInt(s -> s.rows().length).sum();
        float[][] values = new float[TAPS.size()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = new float[rows * TAPS.get(t).dimension()];
        }
        int[] owners = new int[rows];
        int at = 0;
        for (int s = 0; s < samples.size(); s++) {
            for (float[][] row : samples.get(s).rows()) {
                for (int t = 0; t < values.length; t++) {
                    System.arraycopy(row[t], 0, values[t], at * row[t].length, row[t].length);
                }
                owners[at++] = s;
            }
        }
        return Activations.of(TAPS, values, owners);
    }

    /** A baseline that holds a detector alone. */
    public ModelBaseline baseline(int samples, int rowsPerSample, long seed) {
        Random random = new Random(seed);
        List<Drawn> reference = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            reference.add(draw("r" + i, null, Nature.CLEAN, rowsPerSample, random));
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector detector =
                    Detector.fit(
                                    activations(reference),
                                    DetectorOptions.defaults().withCoordinates(8),
                                    null,
                                    kernels)
                            .weighted();
            return new ModelBaseline(
                    MODEL,
                    VERSION,
                    DIGEST,
                    List.of(),
                    List.of(),
                    detector,
                    new Provenance(List.of(), seed, samples));
        }
    }

    /** A snapshot whose rows of a sample do not stand together. */
    public static ActivationSnapshot snapshot(long capturedAt, List<Drawn> samples) {
        List<Sample> ids = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        List<float[][]> rows = new ArrayList<>();
        int most = samples.stream().mapToInt(s -> s.rows().length).max().orElse(0);
        for (Drawn sample : samples) {
            ids.add(WholeSample.of(sample.id(), sample.client(), null, 1.0));
        }
        for (int r = 0; r < most; r++) {
            for (int s = 0; s < samples.size(); s++) {
                if (r < samples.get(s).rows().length) {
                    owners.add(s);
                    rows.add(samples.get(s).rows()[r]);
                }
            }
        }
        List<Layer> layers = new ArrayList<>();
        for (int t = 0; t < TAPS.size(); t++) {
            layers.add(layer(t, rows, owners));
        }
        return ActivationSnapshot.newBuilder()
                .setModelId(MODEL)
                .setModelVersion(VERSION)
                .setModelDigest(DIGEST)
                .setCaptureId("c")
                .setSequence(0)
                .setCapturedAt(capturedAt)
                .setSamples(ids)
                .setLayers(layers)
                .build();
    }

    private static Layer layer(int tap, List<float[][]> rows, List<Integer> owners) {
        Tap own = TAPS.get(tap);
        int columns = own.dimension();
        float[] values = new float[rows.size() * columns];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i)[tap], 0, values, i * columns, columns);
        }
        return Layer.newBuilder(TestLog.layer(own.name(), tap, columns, values))
                .setRole(LayerRole.valueOf(own.role().name()))
                .setRowSample(owners)
                .build();
    }

    /** Adds a pane of snapshots of up to eight samples, dealt to the shards in turn. */
    public List<Drawn> pane(
            TestLog log, int shards, long pane, int samples, Random random, Mix mix) {
        List<Drawn> all = new ArrayList<>();
        int snapshot = 0;
        while (all.size() < samples) {
            List<Drawn> some = new ArrayList<>();
            int count = Math.min(samples - all.size(), 1 + random.nextInt(8));
            for (int i = 0; i < count; i++) {
                int number = all.size();
                String id = "p" + pane + "s" + number;
                all.add(mix.next(this, id, number, random));
                some.add(all.get(number));
            }
            long at = pane * TestLog.PANE + all.size();
            log.add(snapshot++ % shards, snapshot(at, some));
            if (snapshot % 7 == 0) {
                log.tickAll(at);
            }
        }
        log.tickAll((pane + 1) * TestLog.PANE);
        return all;
    }

    /** Draws the samples of a pane. */
    public interface Mix {
        Drawn next(SampleModel model, String id, int number, Random random);
    }
}
