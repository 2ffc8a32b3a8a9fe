package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.flink.calibrate.sample.ShardSamples;
import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.flink.log.PartedSample;
import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.log.TextTap;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts from the log to the detector. */
class TextCalibrationTest {

    private static final SampleModel MODEL = new SampleModel(9);
    private static final String WORDS = "word-surprise/text-ngrams-1";

    private final Random random = new Random(TestLog.seed());

    private static CalibrateConfig config(int shards) {
        Map<String, String> settings = new HashMap<>();
        settings.put(CalibrateDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(shards));
        settings.put(CalibrateDefinition.MODEL_ID.key(), TestLog.MODEL);
        settings.put(WindowDefinition.KERNELS.key(), "host");
        settings.put("source.offsets.start", shards == 1 ? "0:0" : "0:0,1:0");
        settings.put("source.offsets.end", shards == 1 ? "0:1" : "0:1,1:1");
        return CalibrateConfig.fromMap(settings);
    }

    private List<Drawn> drawn(int samples, int rows, String prefix) {
        List<Drawn> all = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            all.add(MODEL.draw(prefix + i, "c" + i % 3, Nature.CLEAN, rows, random));
        }
        return all;
    }

    private static TestLog log(TestLog log, List<Drawn> samples, long from) {
        for (int i = 0; i < samples.size(); i += 5) {
            List<Drawn> some = samples.subList(i, Math.min(samples.size(), i + 5));
            log.add(i / 5 % log.shards(), TextTap.with(SampleModel.snapshot(from + i, some)));
        }
        return log.tickAll(from + TestLog.PANE);
    }

    private static CalibrationResult calibrate(TestLog log) throws Exception {
        CalibrateConfig config = config(log.shards());
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int shard = 0; shard < log.shards(); shard++) {
            int own = shard;
            starts.add(0L);
            ends.add(log.records().stream().filter(r -> r.shard() == own).count());
        }
        return CalibrateJob.run(
                config.settings(),
                new PinnedRange(starts, ends),
                new HarnessStages(config, log.records()),
                null);
    }

    @Test
    void theJobFitsWhatTheSameRowsGiveOffline() throws Exception {
        List<Drawn> reference = drawn(800, 1, "r");
        CalibrationResult result = calibrate(log(new TestLog(2).tickAll(0), reference, 0));
        assertNull(result.detector().refusal());
        Detector detector = result.baseline().detector().orElseThrow();
        assertTrue(detector.weights().get(WORDS) > 0);
        long seed = config(2).settings().seed();
        reference.sort(
                Comparator.comparingInt((Drawn each) -> ShardSamples.place(seed, each.id()))
                        .thenComparing(Drawn::id));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector offline =
                    Detector.fit(
                                    TextTap.with(
                                            SampleModel.activations(reference), ids(reference)),
                                    DetectorOptions.defaults().withSeed(seed),
                                    null,
                                    kernels)
                            .weighted();
            assertArrayEquals(offline.toBytes(), detector.toBytes());
        }
    }

    private static List<String> ids(List<Drawn> samples) {
        return samples.stream().map(Drawn::id).toList();
    }

    /** The text has one row per sample, whatever the others have. */
    @Test
    void besideTokensTheJobFitsWhatTheSameRowsGiveOffline() throws Exception {
        List<Drawn> reference = drawn(600, 3, "r");
        reference.addAll(drawn(100, 1, "s"));
        CalibrationResult result = calibrate(log(new TestLog(2).tickAll(0), reference, 0));
        assertNull(result.detector().refusal());
        Detector detector = result.baseline().detector().orElseThrow();
        assertEquals(DetectorLayers.TEXT, detector.taps().get(SampleModel.TAPS.size()));
        assertTrue(detector.weights().get(WORDS) > 0);
        long seed = config(2).settings().seed();
        reference.sort(
                Comparator.comparingInt((Drawn each) -> ShardSamples.place(seed, each.id()))
                        .thenComparing(Drawn::id));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector offline =
                    Detector.fit(
                                    TextTap.beside(
                                            SampleModel.activations(reference), ids(reference)),
                                    DetectorOptions.forTokens().withSeed(seed),
                                    null,
                                    kernels)
                            .weighted();
            assertArrayEquals(offline.toBytes(), detector.toBytes());
        }
    }

    /** Parts may do without the text, which another part of their sample has; whole samples not. */
    @Test
    void wholeSamplesWithoutATextAreLeftOut() throws Exception {
        TestLog log = new TestLog(1).tickAll(0);
        List<Drawn> drawn = drawn(700, 2, "r");
        log(log, drawn, 0);
        for (Drawn each : drawn(50, 2, "without")) {
            log.add(0, TextTap.without(SampleModel.snapshot(TestLog.PANE, List.of(each))));
        }
        for (Drawn each : drawn(40, 2, "parts")) {
            for (PartedSample part : PartedSample.cut(each, 1, random)) {
                PartedSample open =
                        new PartedSample(part.drawn(), 0, part.from(), part.to(), false);
                log.add(
                        0,
                        TextTap.without(PartedSample.snapshot(TestLog.PANE, "c", List.of(open))));
            }
        }
        log.tickAll(2 * TestLog.PANE);
        CalibrationResult result = calibrate(log);
        assertNull(result.detector().refusal());
        assertEquals(740, result.detector().samples());
        assertTrue(result.baseline().detector().orElseThrow().weights().get(WORDS) > 0);
    }
}
