package io.spectrawatch.ops.demo.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.Glosses.PartOfSpeech;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ops.study.ModelMoments;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a certificate names as the cause, on activations of the transformer: a baseline of noun
 * definitions, then other nouns, verbs, and nouns through a last block with coarse weights.
 */
class RealAttributionTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 1L);
    private static final String REPEAT =
            "repeat with: mvn -pl ops test -Dtest=RealAttributionTest -Dspectrawatch.seed=" + SEED;
    private static final Set<Attribution> INPUT =
            Set.of(Attribution.INPUT, Attribution.INPUT_AND_MAP);

    /** Texts have some 14 rows each, so these are pools of a thousand to two thousand rows. */
    private static final int WINDOW_TEXTS = 240;

    private static final int REFERENCE_TEXTS = 640;
    private static final int HELD_BACK_TEXTS = 640;
    private static final int BLOCK_TEXTS = 80;
    private static final int PANE_TEXTS = 160;
    private static final int HEADS = 12;
    private static final int LAST = 5;

    private static Kernels kernels;
    private static List<FrozenWindow> windows;
    private static List<InterfaceBaseline> baselines;
    private static List<String> others;

    @BeforeAll
    static void calibrate() {
        kernels = KernelProviders.open(KernelChoice.HOST);
        List<String> nouns = texts(PartOfSpeech.NOUN);
        int held = WINDOW_TEXTS + REFERENCE_TEXTS;
        int end = held + HELD_BACK_TEXTS;
        others = nouns.subList(end, end + PANE_TEXTS);
        try (ModelMoments model = new ModelMoments(MiniLm.model(), kernels, SEED)) {
            windows = model.windows(nouns.subList(0, WINDOW_TEXTS), 32);
            List<List<InterfaceMoments>> reference =
                    model.blocks(
                            windows,
                            nouns.subList(WINDOW_TEXTS, held),
                            "reference",
                            REFERENCE_TEXTS);
            List<List<InterfaceMoments>> heldBack =
                    model.blocks(windows, nouns.subList(held, end), "held", BLOCK_TEXTS);
            baselines = new ArrayList<>();
            for (int i = 0; i < reference.size(); i++) {
                InterfaceCalibration calibration =
                        Certificates.calibrate(
                                Integer.toString(i),
                                reference.get(i).get(0),
                                heldBack.get(i),
                                RowGroups.equalBlocks(MiniLm.COLUMNS, HEADS),
                                CertificateOptions.defaults()
                                        .withRows(500, 1_000, 2_000)
                                        .withMinimumCertified(.2),
                                null,
                                reference.size());
                assertTrue(calibration.accepted(), calibration.refusal() + "; " + REPEAT);
                baselines.add(calibration.baseline());
            }
        }
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static List<String> texts(PartOfSpeech part) {
        return Glosses.shuffled(Glosses.of(EnumSet.of(part)), SEED);
    }

    /** What each interface's certificate names as the cause, in the order of the chain. */
    private static List<Attribution> causes(byte[] onnx, List<String> texts, String name) {
        List<Attribution> causes = new ArrayList<>();
        try (ModelMoments model = new ModelMoments(onnx, kernels, SEED)) {
            for (List<InterfaceMoments> panes : model.blocks(windows, texts, name, PANE_TEXTS)) {
                InterfaceBaseline baseline = baselines.get(causes.size());
                InterfaceCertificate certificate = Certificates.certify(baseline, panes.get(0));
                causes.add(certificate.findings().attribution());
                System.out.printf(
                        "%s, interface %d: %s, %s beyond %s%n",
                        name,
                        causes.size() - 1,
                        certificate.findings().attribution(),
                        certificate.findings().movement(),
                        baseline.levels());
            }
        }
        return causes;
    }

    @Test
    void otherNounsAccuseNobody() {
        List<Attribution> causes = causes(MiniLm.model(), others, "nouns");
        assertEquals(-1, Attribution.root(causes), causes + "; " + REPEAT);
    }

    @Test
    void verbsAreInputDriftFromTheFirstInterfaceOn() {
        List<String> verbs = texts(PartOfSpeech.VERB).subList(0, PANE_TEXTS);
        List<Attribution> causes = causes(MiniLm.model(), verbs, "verbs");
        assertEquals(0, Attribution.root(causes), causes + "; " + REPEAT);
        assertTrue(INPUT.contains(causes.get(0)), causes + "; " + REPEAT);
        assertTrue(
                causes.stream().noneMatch(Attribution.MECHANISM::equals), causes + "; " + REPEAT);
    }

    @Test
    void coarseWeightsAreMechanismDriftOfTheirBlockAlone() {
        byte[] coarse = CoarseWeights.round(MiniLm.model(), "/encoder/layer.5/", 3);
        List<Attribution> causes = causes(coarse, others, "coarse");
        assertEquals(LAST, Attribution.root(causes), causes + "; " + REPEAT);
        assertEquals(Attribution.MECHANISM, causes.get(LAST), causes + "; " + REPEAT);
    }
}
