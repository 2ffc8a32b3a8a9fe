package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A validated log in which a pane each holds one kind of what memory must not grow by, beside a
 * rightful model that sends a row a second. Time is the log's own, so hours take seconds.
 */
final class AbuseLog implements AutoCloseable {

    static final String RIGHTFUL = "rightful";

    private static final long SECOND = 1_000_000L;
    private static final long PANE_SECONDS = 60;
    private static final long LATENESS_SECONDS = 10;
    private static final int MANY_SAMPLES = 10_000;
    private static final long LARGEST_REQUEST = Topics.MAX_RECORD_BYTES + (1 << 16);

    private final ValidatedWriter log;
    private final int shards;
    private final int factor;
    private final SplittableRandom random = new SplittableRandom(Synthetic.seed());
    private final TreeMap<Long, Long> rightfulRows = new TreeMap<>();
    private long second;
    private long sequence;

    AbuseLog(Map<String, Object> client, String prefix, int shards, int factor) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("max.request.size", Long.toString(LARGEST_REQUEST));
        settings.put("compression.type", "zstd");
        this.log = new ValidatedWriter(settings, prefix, shards, PANE_SECONDS, LATENESS_SECONDS);
        this.shards = shards;
        this.factor = factor;
    }

    /** One kind of abuse, at a second of its pane. */
    private interface Abuse {
        void send(long at);
    }

    /**
     * Writes all panes and closes them.
     *
     * @return rows of the rightful model by end of pane
     */
    TreeMap<Long, Long> write() {
        log.tickAll(second, 0L, 0L);
        // One valid record of 3 MB.
        pane(at -> once(at, () -> send(layers("one-record", 1024, 1500, 1))));
        for (int i = 0; i < factor; i++) {
            // Two snapshots a second of the models that people have.
            pane(at -> often(at, 2, () -> send(layers("large-1280", 48, 1280, 2))));
            pane(at -> often(at, 2, () -> send(layers("large-1024", 24, 1024, 2))));
        }
        pane(at -> once(at, () -> send(layers("many-layers", 3000, 64, 1))));
        pane(at -> once(at, () -> send(samples("many-samples", 1))));
        // 50,000 clients and tenants, ten thousand a snapshot.
        pane(at -> often(at, 1, () -> send(samples("many-clients", 1 + sequence))));
        for (int i = 0; i < factor; i++) {
            pane(at -> often(at, 10, () -> send(layers("model-" + sequence, 2, 64, 1))));
            pane(at -> often(at, 10, () -> send(version(layers("versions", 2, 64, 1)))));
            pane(at -> often(at, 4, () -> send(renamed(layers("names", 40, 256, 1)))));
        }
        second += LATENESS_SECONDS;
        log.tickAll(second, 0L, 0L);
        log.flush();
        return rightfulRows;
    }

    /** In the quick run a tenth of the seconds. */
    private void often(long at, int times, Runnable abuse) {
        if (factor > 1 || at % 10 == 0) {
            for (int i = 0; i < times; i++) {
                abuse.run();
            }
        }
    }

    private static void once(long at, Runnable abuse) {
        if (at == 5) {
            abuse.run();
        }
    }

    private void pane(Abuse abuse) {
        long end = (second + PANE_SECONDS) * SECOND;
        for (long at = 0; at < PANE_SECONDS; at++) {
            send(layers(RIGHTFUL, 1, 32, 1));
            rightfulRows.merge(end, 1L, Long::sum);
            abuse.send(at);
            second++;
            log.tickAll(second, 0L, 0L);
        }
        log.flush();
    }

    private ActivationSnapshot.Builder layers(String model, int count, int columns, int rows) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer("h" + i, i, columns, rows));
        }
        return snapshot(
                model, List.of(WholeSample.of("s" + sequence, "client", null, 1.0)), layers);
    }

    private Layer layer(String name, int index, int columns, int rows) {
        ByteBuffer data = ByteBuffer.allocate(2 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * columns; i++) {
            // fp16 between 1 and 2.
            data.putShort((short) (0x3C00 + random.nextInt(0x400)));
        }
        return new Layer(
                name,
                index,
                LayerRole.HIDDEN,
                rows,
                columns,
                ElementType.FLOAT16,
                Collections.nCopies(rows, 0),
                data.flip(),
                null,
                false);
    }

    private ActivationSnapshot.Builder samples(String model, long first) {
        List<Sample> samples = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < MANY_SAMPLES; i++) {
            String who = "client-" + (first * MANY_SAMPLES + i);
            samples.add(WholeSample.of("s" + i, who, "tenant of " + who, 1.0));
            owners.add(i);
        }
        Layer layer =
                Layer.newBuilder(layer("h", 0, 16, MANY_SAMPLES)).setRowSample(owners).build();
        return snapshot(model, samples, List.of(layer));
    }

    private ActivationSnapshot.Builder version(ActivationSnapshot.Builder snapshot) {
        return snapshot.setModelVersion("v" + sequence).setCaptureId("capture-" + sequence);
    }

    private ActivationSnapshot.Builder renamed(ActivationSnapshot.Builder snapshot) {
        List<Layer> renamed = new ArrayList<>();
        for (Layer each : snapshot.getLayers()) {
            renamed.add(Layer.newBuilder(each).setName(each.getName() + "/" + sequence).build());
        }
        return snapshot.setLayers(renamed);
    }

    private ActivationSnapshot.Builder snapshot(
            String model, List<Sample> samples, List<Layer> layers) {
        return ActivationSnapshot.newBuilder()
                .setModelId(model)
                .setModelVersion("1")
                .setModelDigest(Synthetic.DIGEST)
                .setCaptureId("capture")
                .setSequence(sequence)
                .setCapturedAt(second * SECOND)
                .setSamples(samples)
                .setLayers(layers);
    }

    private void send(ActivationSnapshot.Builder snapshot) {
        log.send((int) (sequence % shards), snapshot.build());
        sequence++;
    }

    @Override
    public void close() {
        log.close();
    }
}
