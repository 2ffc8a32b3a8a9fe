package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.PartedSample;
import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.log.TextTap;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Samples of several rows with one text each, in the job: as offline. */
class TextOfTokensTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final String WORDS = "word-surprise/text-ngrams-1";
    private static final String CAPTURE = "capture-a";

    private final Random random = new Random(TestLog.seed());
    private final MonitorConfig config = Harnesses.config(1, "detect.scores.share=1");

    /** Which parts of a sample bring its text. */
    private enum Bringing {
        FIRST,
        LAST,
        ALL,
        /** Others have a row of zeros, as a format that wants a row of each sample has it. */
        ONE_WITH_ROWS
    }

    private List<Drawn> drawn(int samples, String prefix) {
        List<Drawn> all = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            int rows = 1 + random.nextInt(6);
            all.add(MODEL.draw(prefix + i, "c" + i % 3, Nature.CLEAN, rows, random));
        }
        return all;
    }

    private static Activations rows(List<Drawn> samples) {
        return TextTap.beside(
                SampleModel.activations(samples), samples.stream().map(Drawn::id).toList());
    }

    private Detector detector(Kernels kernels) {
        return Detector.fit(
                        rows(drawn(700, "r")),
                        DetectorOptions.defaults().withCoordinates(8),
                        null,
                        kernels)
                .weighted();
    }

    private static TestLog log(Detector detector) throws Exception {
        ModelBaseline baseline =
                new ModelBaseline(
                        TestLog.MODEL,
                        TestLog.VERSION,
                        TestLog.DIGEST,
                        List.of(),
                        List.of(),
                        detector,
                        new Provenance(List.of(), 1, 700));
        return new TestLog(1).tickAll(0).activateAll(MemoryBaselines.add(baseline), 0);
    }

    private static Map<String, SampleScores> scores(List<OutputRecord> records) {
        Map<String, SampleScores> found = new HashMap<>();
        for (OutputRecord record : Harnesses.of(Topics.SCORES, records)) {
            if (Wire.decode(record.value()) instanceof SampleScores scores) {
                assertNull(found.put(scores.getSampleId(), scores));
            }
        }
        return found;
    }

    private static void requireAsOffline(
            List<Drawn> traffic, Scored offline, Map<String, SampleScores> found) {
        assertEquals(traffic.size(), found.size(), TestLog.repeat());
        for (int i = 0; i < traffic.size(); i++) {
            SampleScores own = found.get(traffic.get(i).id());
            assertNull(own.getIncomplete());
            assertEquals(offline.statistic()[i], own.getStatistic(), TestLog.repeat());
            assertEquals(offline.p()[i], own.getP(), TestLog.repeat());
            assertEquals(offline.scorePValues(i).get(WORDS), own.getScores().get(WORDS), 1e-6);
        }
    }

    @Test
    void wholeSamplesAreScoredAsOffline() throws Exception {
        List<Drawn> traffic = drawn(120, "t");
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector detector = detector(kernels);
            assertTrue(detector.weights().get(WORDS) > 0);
            TestLog log = log(detector);
            for (int i = 0; i < traffic.size(); i += 4) {
                // Rows of a sample apart, rows by range with the text per sample, in turn.
                List<Drawn> some = traffic.subList(i, i + 4);
                ActivationSnapshot snapshot =
                        i % 8 == 0
                                ? SampleModel.snapshot(i, some)
                                : PartedSample.snapshot(
                                        i,
                                        CAPTURE,
                                        some.stream().map(PartedSample::whole).toList());
                log.add(0, TextTap.with(snapshot));
            }
            log.tickAll(3 * TestLog.PANE);
            requireAsOffline(
                    traffic,
                    detector.score(rows(traffic), kernels),
                    scores(Harnesses.records(config, log.records())));
        }
    }

    private TestLog parted(Detector detector, List<Drawn> traffic, Bringing text) throws Exception {
        TestLog log = log(detector);
        long at = 0;
        for (Drawn each : traffic) {
            for (PartedSample part : parts(each)) {
                ActivationSnapshot plain = PartedSample.snapshot(at++, CAPTURE, List.of(part));
                boolean brings =
                        switch (text) {
                            case ALL -> true;
                            case LAST -> part.last();
                            case FIRST, ONE_WITH_ROWS -> part.number() == 0;
                        };
                boolean empty = text == Bringing.ONE_WITH_ROWS && !brings;
                log.add(
                        0,
                        empty
                                ? TextTap.withEmpty(plain)
                                : brings ? TextTap.with(plain) : TextTap.without(plain));
            }
            if (random.nextInt(3) == 0) {
                log.tickAll(at);
            }
        }
        return log.tickAll(TestLog.PANE).tickAll(4 * TestLog.PANE);
    }

    /** With a row at least in each part, as taps make them. */
    private static List<PartedSample> parts(Drawn drawn) {
        List<PartedSample> parts = new ArrayList<>();
        int rows = drawn.rows().length;
        for (int i = 0; i < rows; i += 2) {
            int to = Math.min(rows, i + 2);
            parts.add(new PartedSample(drawn, i / 2, i, to, to == rows));
        }
        return parts;
    }

    @Test
    void partsAreScoredAsOfflineWhicheverBringTheText() throws Exception {
        List<Drawn> traffic = drawn(60, "t");
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector detector = detector(kernels);
            Scored offline = detector.score(rows(traffic), kernels);
            for (Bringing text : Bringing.values()) {
                TestLog log = parted(detector, traffic, text);
                requireAsOffline(
                        traffic, offline, scores(Harnesses.records(config, log.records())));
                Restarts.Said said =
                        Restarts.ofMonitor(config, log.records(), random, 1 + random.nextInt(5));
                requireAsOffline(traffic, offline, scores(said.records()));
            }
        }
    }

    @Test
    void aWholeSampleWithoutItsTextIsCountedAndNotScored() throws Exception {
        List<Drawn> traffic = drawn(20, "t");
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            TestLog log = log(detector(kernels));
            for (int i = 0; i < 20; i++) {
                PartedSample whole = PartedSample.whole(traffic.get(i));
                ActivationSnapshot plain = PartedSample.snapshot(i, CAPTURE, List.of(whole));
                log.add(0, i % 2 == 0 ? plain : TextTap.with(plain));
            }
            log.tickAll(3 * TestLog.PANE);
            assertEquals(10, scores(Harnesses.records(config, log.records())).size());
            List<ScoreSummary> counts =
                    Harnesses.summaries(config, log.records()).stream()
                            .filter(each -> each.isEntry(EntryId.Kind.SCORES))
                            .map(each -> ScoreSummary.fromBytes(each.payload()))
                            .toList();
            assertEquals(10, counts.get(0).samples());
            assertEquals(10, counts.get(0).unscored());
        }
    }

    /** The text says the same of a sample whose tokens are none as nothing does: no verdict. */
    @Test
    void aTextWithoutTokensLeavesNoTrace() throws Exception {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            TestLog log = log(detector(kernels));
            Drawn drawn = drawn(1, "t").get(0);
            PartedSample none = new PartedSample(drawn, 0, 0, 0, true);
            PartedSample other = PartedSample.whole(drawn(2, "u").get(1));
            log.add(0, TextTap.with(PartedSample.snapshot(1, CAPTURE, List.of(none, other))));
            log.tickAll(3 * TestLog.PANE);
            assertEquals(
                    List.of("u1"),
                    List.copyOf(scores(Harnesses.records(config, log.records())).keySet()));
        }
    }
}
