package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.log.TextTap;
import io.spectrawatch.flink.monitor.record.OutputRecord;
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

/** Samples whose texts are tapped, in the job. */
class TextScoresTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final String WORDS = "word-surprise/text-ngrams-1";

    private final Random random = new Random(TestLog.seed());

    private List<Drawn> drawn(int samples, String prefix) {
        List<Drawn> all = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            all.add(MODEL.draw(prefix + i, "c" + i % 3, Nature.CLEAN, 1, random));
        }
        return all;
    }

    private static Activations rows(List<Drawn> samples) {
        return TextTap.with(
                SampleModel.activations(samples), samples.stream().map(Drawn::id).toList());
    }

    /** FLOAT16 in the log, fp32 offline: counts are exact in both. */
    @Test
    void textIsScoredAsOffline() throws Exception {
        List<Drawn> traffic = drawn(200, "t");
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector detector =
                    Detector.fit(
                                    rows(drawn(800, "r")),
                                    DetectorOptions.defaults().withCoordinates(8),
                                    null,
                                    kernels)
                            .weighted();
            assertTrue(detector.weights().get(WORDS) > 0);
            Map<String, SampleScores> found = scores(detector, traffic);
            assertEquals(200, found.size());
            Scored offline = detector.score(rows(traffic), kernels);
            for (int i = 0; i < traffic.size(); i++) {
                SampleScores own = found.get(traffic.get(i).id());
                assertEquals(offline.p()[i], own.getP());
                assertEquals(offline.scorePValues(i).get(WORDS), own.getScores().get(WORDS), 1e-6);
            }
        }
    }

    private static Map<String, SampleScores> scores(Detector detector, List<Drawn> traffic)
            throws Exception {
        ModelBaseline baseline =
                new ModelBaseline(
                        TestLog.MODEL,
                        TestLog.VERSION,
                        TestLog.DIGEST,
                        List.of(),
                        List.of(),
                        detector,
                        new Provenance(List.of(), 1, 800));
        TestLog log = new TestLog(2).tickAll(0).activateAll(MemoryBaselines.add(baseline), 0);
        for (int i = 0; i < traffic.size(); i += 5) {
            log.add(i / 5 % 2, TextTap.with(SampleModel.snapshot(i, traffic.subList(i, i + 5))));
        }
        log.tickAll(3 * TestLog.PANE);
        Map<String, SampleScores> found = new HashMap<>();
        for (OutputRecord record :
                Harnesses.of(
                        Topics.SCORES,
                        Harnesses.records(
                                Harnesses.config(2, "detect.scores.share=1"), log.records()))) {
            if (Wire.decode(record.value()) instanceof SampleScores scores) {
                found.put(scores.getSampleId(), scores);
            }
        }
        return found;
    }
}
