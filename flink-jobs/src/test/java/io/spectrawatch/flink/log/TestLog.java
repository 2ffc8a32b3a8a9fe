package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Builds a validated log as ingest writes it: per shard ticks, snapshots and activations. */
public final class TestLog {

    public static final long SECOND = 1_000_000L;
    public static final long PANE = 10 * SECOND;
    public static final long LATENESS = 2 * SECOND;
    public static final String MODEL = "minilm/en";
    public static final String VERSION = "1";
    public static final String DIGEST = "d1";
    public static final String ENTRY = "embed/0";
    public static final int ENTRY_COLUMNS = 12;
    public static final String DEEP = "block/5";
    public static final int DEEP_COLUMNS = 20;
    public static final String RARE = "head";
    public static final int RARE_COLUMNS = 3;

    private final int shards;
    private final long[] offsets;
    private final long[] sequences;
    private final List<ShardRecord> records = new ArrayList<>();

    public TestLog(int shards) {
        this.shards = shards;
        this.offsets = new long[shards];
        this.sequences = new long[shards];
    }

    /** Seed of random input; a failing test is repeated with -Dspectrawatch.seed=N. */
    public static long seed() {
        return Long.getLong("spectrawatch.seed", 20260101L);
    }

    public static String repeat() {
        return "repeat with mvn -pl flink-jobs test -Dspectrawatch.seed=" + seed();
    }

    /** Returns settings of the form KEY=VALUE, of which later ones win. */
    public static Map<String, String> settings(String... entries) {
        return Stream.of(entries)
                .map(entry -> entry.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, later) -> later));
    }

    /**
     * Three panes of a model with two common layers and one that only shard 0 sees; the same
     * snapshots for every number of shards, dealt in turn.
     */
    public static TestLog standard(int shards) {
        TestLog log = new TestLog(shards);
        Random random = new Random(seed());
        log.tickAll(0);
        int snapshot = 0;
        for (long second = 0; second < 30; second++) {
            for (int i = 0; i < 3; i++) {
                List<Layer> layers = new ArrayList<>();
                layers.add(layer(ENTRY, 0, ENTRY_COLUMNS, random.nextInt(4), random));
                layers.add(layer(DEEP, 1, DEEP_COLUMNS, 1 + random.nextInt(7), random));
                if (snapshot % shards == 0 && second % 3 == 0) {
                    layers.add(layer(RARE, 2, RARE_COLUMNS, 1, random));
                }
                log.snapshot(snapshot % shards, second * SECOND + i, layers);
                snapshot++;
            }
            if (second == 14) {
                log.activateAll("b1", 2 * PANE);
            }
            log.tickAll((second + 1) * SECOND);
        }
        log.tickAll(3 * PANE + LATENESS);
        return log;
    }

    public List<ShardRecord> records() {
        return records;
    }

    public int shards() {
        return shards;
    }

    public TestLog tickAll(long time) {
        for (int shard = 0; shard < shards; shard++) {
            tick(shard, time);
        }
        return this;
    }

    public TestLog tick(int shard, long time) {
        return tick(shard, time, PANE);
    }

    public TestLog tick(int shard, long time, long paneLength) {
        long sequence = sequences[shard];
        return tick(shard, time, paneLength, (3 * sequence + shard) % 5, sequence % 3);
    }

    /** A tick that reports what was refused and late since the one before; null: it does not. */
    public TestLog tick(int shard, long time, long paneLength, Long refused, Long late) {
        return add(
                shard,
                Tick.newBuilder()
                        .setTime(time)
                        .setPaneLength(paneLength)
                        .setLateness(LATENESS)
                        .setShard(shard)
                        .setShards(shards)
                        .setSequence(sequences[shard]++)
                        .setRefused(refused)
                        .setLate(late)
                        .build());
    }

    public TestLog activateAll(String baseline, long effectiveFrom) {
        for (int shard = 0; shard < shards; shard++) {
            activate(shard, baseline, effectiveFrom);
        }
        return this;
    }

    public TestLog activate(int shard, String baseline, long effectiveFrom) {
        return add(
                shard,
                Activate.newBuilder()
                        .setModelId(MODEL)
                        .setModelVersion(VERSION)
                        .setBaselineId(baseline)
                        .setEffectiveFrom(effectiveFrom)
                        .setRequestedBy("operator")
                        .build());
    }

    public TestLog snapshot(int shard, long capturedAt, List<Layer> layers) {
        return add(shard, snapshot(capturedAt, DIGEST, layers));
    }

    public TestLog add(int shard, SpecificRecord record) {
        return add(shard, Wire.encode(record));
    }

    public TestLog add(int shard, byte[] value) {
        records.add(new ShardRecord(shard, offsets[shard]++, value));
        return this;
    }

    public static ActivationSnapshot snapshot(long capturedAt, String digest, List<Layer> layers) {
        return ActivationSnapshot.newBuilder()
                .setModelId(MODEL)
                .setModelVersion(VERSION)
                .setModelDigest(digest)
                .setCaptureId("capture")
                .setSequence(capturedAt)
                .setCapturedAt(capturedAt)
                .setSamples(
                        List.of(
                                Sample.newBuilder()
                                        .setId("s" + capturedAt)
                                        .setSamplingWeight(1.0)
                                        .build()))
                .setLayers(layers)
                .build();
    }

    /** Gaussian rows of decaying scale around a mean that is not zero. */
    public static Layer layer(String name, int index, int columns, int rows, Random random) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int column = i % columns;
            values[i] = (float) (3 + random.nextGaussian() * 4 / (1 + column));
        }
        return layer(name, index, columns, values);
    }

    public static Layer layer(String name, int index, int columns, float... values) {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        int rows = values.length / columns;
        return Layer.newBuilder()
                .setName(name)
                .setIndex(index)
                .setRole(LayerRole.HIDDEN)
                .setRows(rows)
                .setColumns(columns)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(new ArrayList<>(Collections.nCopies(rows, 0)))
                .setData(data.flip())
                .build();
    }
}
