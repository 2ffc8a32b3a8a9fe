package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A model sends the largest, the smallest and the emptiest numbers that ingest lets through: the
 * job goes on, publishes no number that is none, and another model's sketches are as without it.
 */
class ExtremeValuesTest {

    private static final int SHARDS = 2;
    private static final String OTHER = "other";

    private static String baseline;

    /** What each element of a snapshot becomes. */
    private enum Extreme {
        LARGEST_OF_BOTH_SIGNS {
            @Override
            float of(float value, int at, Random random) {
                return random.nextBoolean() ? Float.MAX_VALUE : -Float.MAX_VALUE;
            }
        },
        HUGE {
            @Override
            float of(float value, int at, Random random) {
                return value * 1e37f;
            }
        },
        TINY {
            @Override
            float of(float value, int at, Random random) {
                return value * 1e-38f;
            }
        },
        SMALLEST {
            @Override
            float of(float value, int at, Random random) {
                return random.nextBoolean() ? Float.MIN_VALUE : -Float.MIN_VALUE;
            }
        },
        ZERO {
            @Override
            float of(float value, int at, Random random) {
                return random.nextBoolean() ? 0f : -0f;
            }
        },
        ONE_ROW {
            @Override
            float of(float value, int at, Random random) {
                return at;
            }
        },
        ANY_SIZE {
            @Override
            float of(float value, int at, Random random) {
                float drawn = Float.intBitsToFloat(random.nextInt());
                return Float.isFinite(drawn) ? drawn : value;
            }
        };

        abstract float of(float value, int at, Random random);
    }

    @BeforeAll
    static void calibrate() {
        baseline = MemoryBaselines.add(new ChainModel().whole(11));
    }

    @ParameterizedTest
    @EnumSource
    void theJobGoesOnAndOthersAreAsWithoutThem(Extreme extreme) throws Exception {
        for (boolean judged : new boolean[] {false, true}) {
            List<OutputRecord> quiet = run(log(judged, null));
            List<OutputRecord> out = run(log(judged, extreme));
            assertFalse(others(quiet).isEmpty());
            assertEquals(others(quiet), others(out), TestLog.repeat());
            requireNumbers(out);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySampleIsScored(Extreme extreme) throws Exception {
        SampleModel model = new SampleModel(4);
        String detector = MemoryBaselines.add(model.baseline(2000, 1, 5));
        Random random = new Random(TestLog.seed());
        TestLog log = new TestLog(SHARDS).tickAll(0).activateAll(detector, 0);
        int samples = 0;
        for (int pane = 0; pane < 3; pane++) {
            for (int i = 0; i < 60; i++) {
                String id = pane + "-" + i;
                var drawn = model.draw(id, "client", SampleModel.Nature.CLEAN, 1, random);
                long at = pane * TestLog.PANE + i * TestLog.PANE / 60;
                ActivationSnapshot snapshot = SampleModel.snapshot(at, List.of(drawn));
                log.add(i % SHARDS, i % 3 == 0 ? snapshot : extreme(snapshot, extreme, random));
                samples++;
            }
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        List<OutputRecord> out = run(log.tickAll(4 * TestLog.PANE));
        requireNumbers(out);
        long scored =
                Harnesses.of(Topics.SCORES, out).stream()
                        .filter(record -> Wire.decode(record.value()) instanceof SampleScores)
                        .count();
        assertEquals(samples, scored, TestLog.repeat());
    }

    private static List<OutputRecord> run(TestLog log) throws Exception {
        MonitorConfig config =
                Harnesses.config(
                        SHARDS,
                        "detect.scores.share=1",
                        "sketch.kind.exact.layers=embed,hidden",
                        "sketch.kind.frequent-directions.layers=block,out,embedding,logits");
        List<OutputRecord> out = new ArrayList<>(Harnesses.records(config, log.records()));
        out.addAll(Harnesses.output(config, log.records()));
        return out;
    }

    private static TestLog log(boolean judged, Extreme extreme) {
        Random random = new Random(TestLog.seed());
        Random draws = new Random(TestLog.seed());
        ChainModel model = new ChainModel();
        TestLog log = new TestLog(SHARDS).tickAll(0);
        if (judged) {
            log.activateAll(baseline, 0);
        }
        for (int pane = 0; pane < 6; pane++) {
            for (int i = 0; i < 40; i++) {
                long at = pane * TestLog.PANE + i * TestLog.PANE / 40;
                ActivationSnapshot snapshot = model.snapshot(at, random);
                log.add(i % 2, other(snapshot));
                boolean now = extreme != null && pane % 4 != 0 && (pane % 4 != 1 || i % 7 == 0);
                log.add(i % 2, now ? extreme(snapshot, extreme, draws) : snapshot);
            }
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        return log.tickAll(7 * TestLog.PANE);
    }

    private static ActivationSnapshot other(ActivationSnapshot snapshot) {
        return ActivationSnapshot.newBuilder(snapshot).setModelId(OTHER).build();
    }

    private static ActivationSnapshot extreme(
            ActivationSnapshot snapshot, Extreme extreme, Random random) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : snapshot.getLayers()) {
            ByteBuffer data = ByteBuffer.allocate(layer.getData().remaining());
            data.order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer before = layer.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; before.hasRemaining(); i++) {
                data.putFloat(extreme.of(before.getFloat(), i % layer.getColumns(), random));
            }
            layers.add(Layer.newBuilder(layer).setData(data.flip()).build());
        }
        return ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
    }

    /** Sketches of the other model by layer and pane. */
    private static TreeMap<String, String> others(List<OutputRecord> records) {
        TreeMap<String, String> found = new TreeMap<>();
        for (OutputRecord record : records) {
            if (Wire.decode(record.value()) instanceof LayerSketch sketch
                    && sketch.getModelId().equals(OTHER)) {
                found.put(
                        sketch.getLayer() + " " + sketch.getPaneEnd(),
                        sketch.getSpectrum() + " " + sketch.getRows());
            }
        }
        return found;
    }

    private static void requireNumbers(List<OutputRecord> records) {
        records.forEach(
                record -> requireNumbers(Wire.decode(record.value()), record.topic().name()));
    }

    private static void requireNumbers(Object value, String where) {
        if (value instanceof Double number) {
            assertFalse(number.isNaN(), where);
        } else if (value instanceof IndexedRecord record) {
            for (Schema.Field field : record.getSchema().getFields()) {
                requireNumbers(
                        record.get(field.pos()),
                        where + " " + record.getSchema().getName() + "." + field.name());
            }
        } else if (value instanceof List<?> list) {
            list.forEach(each -> requireNumbers(each, where));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> requireNumbers(each, where));
        } else if (value instanceof String text) {
            assertFalse(text.contains("NaN"), where + ": " + text);
        }
    }
}
