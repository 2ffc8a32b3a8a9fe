package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CertificateDefinition;
import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A log of a small chain of layers whose rows depend on each other: embed -> block/0 -> block/1
 * with one to three rows per sample, and a head with one row per sample that pairs with none.
 */
final class ReferenceLog {

    static final String MODEL = "chain";
    static final String VERSION = "7";
    static final String DIGEST = "abc";
    static final int SAMPLES = 24;

    private static final int[] COLUMNS = {12, 16, 16};
    private static final String[] NAMES = {"embed", "block/0", "block/1"};
    private static final int HEAD_COLUMNS = 5;

    private final TestLog log;
    private final Random random;
    private final int shards;
    private final double[][] weights = new double[COLUMNS.length][];
    private int snapshots;

    ReferenceLog(int shards) {
        this.shards = shards;
        this.log = new TestLog(shards);
        this.random = new Random(TestLog.seed());
        for (int i = 1; i < COLUMNS.length; i++) {
            weights[i] = new double[COLUMNS[i] * COLUMNS[i - 1]];
            for (int j = 0; j < weights[i].length; j++) {
                weights[i][j] = random.nextGaussian() * Math.pow(0.6, j % 5);
            }
        }
    }

    /** Panes of 10 s with 20 snapshots each, dealt to the shards in turn. */
    static ReferenceLog standard(int shards, int snapshots) {
        ReferenceLog log = new ReferenceLog(shards);
        log.log.tickAll(0);
        for (int i = 0; i < snapshots; i++) {
            log.next(DIGEST);
        }
        return log;
    }

    /** Adds a snapshot half a second after the one before, and ticks. */
    ReferenceLog next(String digest) {
        long time = snapshots * TestLog.SECOND / 2;
        log.add(snapshots % shards, snapshot(time, digest));
        log.tickAll(time);
        snapshots++;
        return this;
    }

    TestLog log() {
        return log;
    }

    List<ShardRecord> records() {
        return log.records();
    }

    PinnedRange range() {
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            int own = shard;
            starts.add(0L);
            ends.add(records().stream().filter(r -> r.shard() == own).count());
        }
        return new PinnedRange(starts, ends);
    }

    private ActivationSnapshot snapshot(long time, String digest) {
        List<Sample> samples = new ArrayList<>();
        List<Integer> rowSample = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(WholeSample.of("s" + snapshots + "-" + i, null, null, 1.0));
            for (int row = random.nextInt(3); row >= 0; row--) {
                rowSample.add(i);
            }
        }
        List<Layer> layers = new ArrayList<>();
        double[][] rows = new double[rowSample.size()][];
        for (int i = 0; i < COLUMNS.length; i++) {
            for (int row = 0; row < rows.length; row++) {
                rows[row] = i == 0 ? input() : next(rows[row], i);
            }
            layers.add(layer(i, NAMES[i], rows, rowSample));
        }
        double[][] head = new double[SAMPLES][];
        for (int i = 0; i < SAMPLES; i++) {
            head[i] = new double[HEAD_COLUMNS];
            for (int j = 0; j < HEAD_COLUMNS; j++) {
                head[i][j] = random.nextGaussian();
            }
        }
        layers.add(layer(COLUMNS.length, "head", head, null));
        return ActivationSnapshot.newBuilder()
                .setModelId(MODEL)
                .setModelVersion(VERSION)
                .setModelDigest(digest)
                .setCaptureId("capture")
                .setSequence(snapshots)
                .setCapturedAt(time)
                .setSamples(samples)
                .setLayers(layers)
                .build();
    }

    private double[] input() {
        double[] x = new double[COLUMNS[0]];
        for (int j = 0; j < x.length; j++) {
            x[j] = 1 + random.nextGaussian() * Math.pow(0.7, j);
        }
        return x;
    }

    private double[] next(double[] x, int layer) {
        double[] y = new double[COLUMNS[layer]];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += weights[layer][i * x.length + j] * x[j];
            }
            y[i] = Math.tanh(y[i] / 3) + 0.1 * random.nextGaussian();
        }
        return y;
    }

    private static Layer layer(int index, String name, double[][] rows, List<Integer> rowSample) {
        int columns = rows[0].length;
        float[] values = new float[rows.length * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows[i / columns][i % columns];
        }
        return Layer.newBuilder(TestLog.layer(name, index, columns, values))
                .setRowSample(rowSample)
                .build();
    }

    /** Settings that suit some thousand rows. */
    static CalibrateConfig config(int shards, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(CalibrateDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(shards));
        settings.put(CalibrateDefinition.MODEL_ID.key(), MODEL);
        settings.put(CalibrateDefinition.OFFSETS_START.key(), "0:0");
        settings.put(CalibrateDefinition.OFFSETS_END.key(), "0:1");
        settings.put(WindowDefinition.KERNELS.key(), "host");
        settings.put(WindowDefinition.WINDOW_RANK.key(), "6");
        settings.put(CertificateDefinition.GROUPS.key(), "4");
        settings.put(WindowDefinition.BLOCK_ROWS.key(), "16");
        settings.put(CertificateDefinition.MINIMUM_ROWS.key(), "200");
        settings.put(CertificateDefinition.POOL_ROWS.key(), "300");
        settings.putAll(TestLog.settings(more));
        return CalibrateConfig.fromMap(settings);
    }
}
