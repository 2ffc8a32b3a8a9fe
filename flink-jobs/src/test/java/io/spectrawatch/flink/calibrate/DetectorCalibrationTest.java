package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateDefinition;
import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.flink.calibrate.config.ReferenceSample;
import io.spectrawatch.flink.calibrate.config.ReferenceSamples;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.flink.calibrate.sample.ShardSamples;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The detector that calibration fits: by which samples, and which it refuses to be fitted on. */
class DetectorCalibrationTest {

    private static final SampleModel MODEL = new SampleModel(9);

    private static final SampleModel.Mix CLEAN =
            (model, id, n, random) -> model.draw(id, null, Nature.CLEAN, 1, random);

    private static TestLog log(int shards, int samples) {
        TestLog log = new TestLog(shards).tickAll(0);
        MODEL.pane(log, shards, 0, samples, new Random(TestLog.seed()), CLEAN);
        return log;
    }

    private static CalibrateConfig config(int shards, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(CalibrateDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(CalibrateDefinition.SHARDS.key(), Integer.toString(shards));
        settings.put(CalibrateDefinition.MODEL_ID.key(), TestLog.MODEL);
        settings.put(WindowDefinition.KERNELS.key(), "host");
        // The range that counts is given to the run.
        settings.put("source.offsets.start", offsets(shards, 0));
        settings.put("source.offsets.end", offsets(shards, 1));
        settings.putAll(TestLog.settings(more));
        return CalibrateConfig.fromMap(settings);
    }

    private static String offsets(int shards, long offset) {
        return IntStream.range(0, shards)
                .mapToObj(shard -> shard + ":" + offset)
                .collect(Collectors.joining(","));
    }

    private static CalibrationResult calibrate(TestLog log, CalibrateConfig config)
            throws Exception {
        return calibrate(log, config, null);
    }

    private static CalibrationResult calibrate(
            TestLog log, CalibrateConfig config, HeadSource heads) throws Exception {
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int shard = 0; shard < log.shards(); shard++) {
            int own = shard;
            starts.add(0L);
            ends.add(log.records().stream().filter(r -> r.shard() == own).count());
        }
        List<ShardRecord> records = log.records();
        return CalibrateJob.run(
                config.settings(),
                new PinnedRange(starts, ends),
                new HarnessStages(config, records),
                heads);
    }

    private static Detector detector(TestLog log, CalibrateConfig config) throws Exception {
        CalibrationResult result = calibrate(log, config);
        assertNull(result.detector().refusal());
        return result.baseline().detector().orElseThrow();
    }

    @Test
    void theDetectorIsTheSameForEveryNumberOfShards() throws Exception {
        byte[] one = detector(log(1, 900), config(1)).toBytes();
        assertArrayEquals(one, detector(log(3, 900), config(3)).toBytes());
    }

    /** The order of the samples is that of the hashes that chose them. */
    @Test
    void theJobFitsWhatTheSameRowsGiveOffline() throws Exception {
        TestLog log = new TestLog(3).tickAll(0);
        List<Drawn> all = MODEL.pane(log, 3, 0, 900, new Random(TestLog.seed()), CLEAN);
        CalibrateConfig config = config(3);
        long seed = config.settings().seed();
        List<Drawn> ordered = new ArrayList<>(all);
        ordered.sort(
                Comparator.comparingInt((Drawn each) -> ShardSamples.place(seed, each.id()))
                        .thenComparing(Drawn::id));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector offline =
                    Detector.fit(
                            SampleModel.activations(ordered),
                            DetectorOptions.defaults().withSeed(seed),
                            null,
                            kernels);
            assertArrayEquals(offline.weighted().toBytes(), detector(log, config).toBytes());
        }
    }

    @Test
    void scoresOfTheHeadAreMeasuredWhereItIsPublished() throws Exception {
        Head head = MODEL.head();
        TestLog log = headedLog(head);
        CalibrateConfig config = config(2);
        CalibrationResult without = calibrate(log, config, key -> Optional.empty());
        assertEquals(
                "the topic models holds no weights of "
                        + TestLog.MODEL
                        + " 1; calibrate --model-file publishes them",
                without.detector().headless());
        Detector plain = without.baseline().detector().orElseThrow();
        assertTrue(Collections.disjoint(plain.weights().keySet(), Detector.OF_THE_HEAD));

        CalibrationResult with = calibrate(log, config, key -> Optional.of(head));
        assertNull(with.detector().headless());
        Detector headed = with.baseline().detector().orElseThrow();
        assertTrue(headed.weights().keySet().containsAll(Detector.OF_THE_HEAD));

        List<Drawn> fresh = new ArrayList<>();
        Random random = new Random(TestLog.seed() + 2);
        for (int i = 0; i < 200; i++) {
            fresh.add(SampleModel.headed(MODEL.draw("f" + i, null, Nature.CLEAN, 1, random), head));
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Scored measured = headed.measure(SampleModel.activations(fresh), kernels);
            assertArrayEquals(
                    plain.score(SampleModel.activations(fresh), kernels).p(), measured.p());
            assertTrue(measured.scores().keySet().containsAll(Detector.OF_THE_HEAD));
        }
        assertEquals("they were not asked for", calibrate(log, config).detector().headless());
    }

    private static TestLog headedLog(Head head) {
        TestLog log = new TestLog(2).tickAll(0);
        MODEL.pane(
                log,
                2,
                0,
                900,
                new Random(TestLog.seed()),
                (model, id, n, random) ->
                        SampleModel.headed(CLEAN.next(model, id, n, random), head));
        return log;
    }

    @Test
    void aHeadThatDoesNotFitEndsTheCalibration() throws Exception {
        Head head = MODEL.head();
        TestLog log = headedLog(head);
        refused(log, "differ from 'logits'", key -> Optional.of(new SampleModel(3).head()));
        refused(
                log,
                "a tap EMBEDDING of 5 columns",
                key -> Optional.of(new Head(new double[15], new double[3])));
        refused(
                log,
                "the pieces are damaged (detect.head=false does without)",
                key -> {
                    throw new IOException("the pieces are damaged");
                });
    }

    private static void refused(TestLog log, String part, HeadSource heads) {
        String message =
                assertThrows(CalibrationException.class, () -> calibrate(log, config(2), heads))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void itFlagsAttacksAndRarelyCleanSamples() throws Exception {
        Detector detector = detector(log(2, 2000), config(2));
        Random random = new Random(TestLog.seed() + 1);
        List<Drawn> clean = new ArrayList<>();
        List<Drawn> attacked = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            clean.add(MODEL.draw("c" + i, null, Nature.CLEAN, 1, random));
            attacked.add(MODEL.draw("a" + i, null, Nature.SWAPPED, 1, random));
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            // With 350 calibration samples the share beyond 1 % passes 4 % with chance 1e-6.
            assertTrue(flagged(detector, clean, kernels) <= 40, TestLog.repeat());
            assertTrue(flagged(detector, attacked, kernels) >= 900, TestLog.repeat());
        }
    }

    private static long flagged(Detector detector, List<Drawn> samples, Kernels kernels) {
        Scored scored = detector.score(SampleModel.activations(samples), kernels);
        return Arrays.stream(scored.p()).filter(p -> p <= 0.01).count();
    }

    @Test
    void samplesOfAnotherVersionDoNotPoisonIt() throws Exception {
        TestLog clean = log(1, 900);
        TestLog poisoned = log(1, 900);
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Drawn foreign = MODEL.draw("x" + i, null, Nature.FOREIGN, 1, random);
            ActivationSnapshot other =
                    ActivationSnapshot.newBuilder(SampleModel.snapshot(i, List.of(foreign)))
                            .setModelVersion("2")
                            .build();
            poisoned.add(0, other);
        }
        CalibrateConfig config = config(1, "model.version=" + TestLog.VERSION);
        assertArrayEquals(detector(clean, config).toBytes(), detector(poisoned, config).toBytes());
    }

    @Test
    void tooFewSamplesAreRefusedAndTheReasonIsKept() throws Exception {
        CalibrationResult result = calibrate(log(1, 500), config(1));
        assertFalse(result.detector().accepted());
        assertEquals(500, result.detector().samples());
        assertTrue(
                result.detector().refusal().contains("at least 600 samples required, found 500"),
                result.detector().refusal());
        CalibrationResult none = calibrate(log(1, 700), config(1, "detect.samples=0"));
        assertEquals("it was not asked for", none.detector().refusal());
        CalibrationResult absent =
                calibrate(log(1, 700), config(1, "detect.layers=hidden,nowhere"));
        assertTrue(absent.detector().refusal().contains("detect.layers"));
    }

    @Test
    void whereTheirBytesLeaveTooFewSamplesTheRefusalNamesTheSetting() throws Exception {
        CalibrationResult result = calibrate(log(1, 700), config(1, "detect.memory.bytes=65536"));

        String refusal = result.detector().refusal();
        assertTrue(refusal.contains("at least 600 samples required, found "), refusal);
        assertTrue(refusal.contains("detect.memory.bytes has no room for more"), refusal);
    }

    /** As many shards as there are held as many times the bytes. */
    @Test
    void allShardsOfAProcessHoldTheBytesOfOne() throws Exception {
        CalibrateConfig config = config(8, "detect.memory.bytes=65536");
        List<byte[]> handedOn =
                new HarnessStages(config, log(8, 900).records())
                                .summaries(
                                        (shard, tools) ->
                                                new ShardSamples(
                                                        shard,
                                                        config.settings(),
                                                        new ModelKey(
                                                                TestLog.MODEL,
                                                                TestLog.VERSION,
                                                                "",
                                                                null),
                                                        List.of("hidden"),
                                                        tools.samples()))
                                .stream()
                                .map(CalibrationMessage::payload)
                                .toList();
        int largest = handedOn.stream().mapToInt(each -> each.length).max().orElseThrow();
        long all = handedOn.stream().mapToLong(each -> each.length).sum();
        assertTrue(all > 65536 - largest && all <= 65536 + largest, all + " bytes");
    }

    @Test
    void moreThanTheHeapHasRoomForIsRefusedBeforeAnythingIsRead() {
        long heap = Runtime.getRuntime().maxMemory();
        long asked = Math.min(heap / 2, 1L << 30);
        if (asked <= CalibrateSettings.Detecting.mostBytes(heap)) {
            return;
        }
        String message =
                assertThrows(
                                CalibrationException.class,
                                () ->
                                        calibrate(
                                                log(1, 1),
                                                config(1, "detect.memory.bytes=" + asked)))
                        .getMessage();
        assertTrue(message.contains("a third of this process's heap"), message);
        assertTrue(message.contains("found " + asked), message);
    }

    @Test
    void theChoiceOfSamplesIsBoundedAndDoesNotDependOnTheirOrder() {
        Random random = new Random(TestLog.seed());
        List<ReferenceSample> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int rows = 1 + random.nextInt(5);
            all.add(
                    new ReferenceSample(
                            random.nextInt(200),
                            "s" + i % 400,
                            i % 3,
                            i,
                            rows,
                            List.of(SampleModel.TAPS.get(0)),
                            List.of(new float[rows * 12])));
        }
        List<byte[]> expected = null;
        for (int run = 0; run < 10; run++) {
            Collections.shuffle(all, random);
            ReferenceSamples[] shards = {
                new ReferenceSamples(100, 20_000), new ReferenceSamples(100, 20_000)
            };
            for (int i = 0; i < all.size(); i++) {
                ReferenceSamples shard = shards[random.nextInt(2)];
                if (shard.takes(all.get(i).place())) {
                    shard.add(all.get(i), all.get(i).toBytes());
                }
            }
            ReferenceSamples merged = new ReferenceSamples(100, 20_000);
            for (ReferenceSamples shard : shards) {
                shard.handOn(each -> true)
                        .forEachRemaining(
                                payload -> merged.add(ReferenceSample.fromBytes(payload), payload));
            }
            List<byte[]> found = merged.payloads().toList();
            assertTrue(found.size() <= 100);
            assertTrue(found.stream().mapToInt(p -> p.length).sum() <= 20_000);
            expected = expected == null ? found : expected;
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(expected.get(i), found.get(i), TestLog.repeat());
            }
        }
    }
}
