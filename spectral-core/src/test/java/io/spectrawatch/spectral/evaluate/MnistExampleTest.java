package io.spectrawatch.spectral.evaluate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Measures the detector on the example model against every attack beside it. */
class MnistExampleTest {
    private static final Path EXAMPLE = Path.of("..", "ops", "examples", "mnist");

    private static final Set<String> PEERS =
            Set.of("msp", "energy", "vim", "knn", "relative-mahalanobis", "neco", "gradnorm");

    @Test
    void theCombinationBeatsEveryPeer() throws Exception {
        EvaluationReport report = evaluate();
        Measured combined = EvaluationReport.mean(report.combined());
        Table.print(report);
        double peerArea = 0;
        double peerDetected = 0;
        for (Map.Entry<String, Map<String, Measured>> score : report.scores().entrySet()) {
            if (PEERS.contains(score.getKey()) || score.getKey().startsWith("mahalanobis/")) {
                Measured peer = EvaluationReport.mean(score.getValue());
                peerArea = Math.max(peerArea, peer.auroc());
                peerDetected = Math.max(peerDetected, peer.tprAt1Percent());
            }
        }
        assertTrue(combined.auroc() >= 0.95, "AUROC " + combined.auroc());
        assertTrue(
                combined.auroc() >= peerArea + 0.05,
                "AUROC " + combined.auroc() + ", best peer " + peerArea);
        assertTrue(
                combined.tprAt1Percent() >= 1.3 * peerDetected,
                "detected " + combined.tprAt1Percent() + ", best peer " + peerDetected);
    }

    private static EvaluationReport evaluate() throws Exception {
        byte[] model = Files.readAllBytes(EXAMPLE.resolve("mnist.onnx"));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                FeatureExtractor extractor =
                        FeatureExtractor.open(
                                model, List.of("block0", "block1", "embedding"), "logits", false)) {
            Map<String, Activations> attacked = new LinkedHashMap<>();
            List<Path> files;
            try (Stream<Path> all = Files.list(EXAMPLE)) {
                files = all.filter(f -> f.toString().endsWith(".npz")).sorted().toList();
            }
            for (Path file : files) {
                String name = file.getFileName().toString().replace(".npz", "");
                if (!Set.of("reference", "clean").contains(name)) {
                    attacked.put(name, extractor.run(NpyFile.read(file), name));
                }
            }
            Activations reference =
                    extractor.run(NpyFile.read(EXAMPLE.resolve("reference.npz")), "reference");
            Activations clean = extractor.run(NpyFile.read(EXAMPLE.resolve("clean.npz")), "clean");
            return Evaluation.run(
                    reference, clean, attacked, DetectorOptions.defaults(), null, kernels);
        }
    }
}
