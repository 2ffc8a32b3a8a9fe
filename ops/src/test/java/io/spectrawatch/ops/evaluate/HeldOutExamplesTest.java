package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the example models on clothes to floors, by the command. */
class HeldOutExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");
    private static final List<String> IMAGE_ATTACKS =
            List.of("fgsm-0.05", "pgd-0.05", "pgd-0.1", "momentum-0.07", "patch");
    private static final Set<String> PEERS =
            Set.of("msp", "energy", "vim", "knn", "relative-mahalanobis", "neco", "gradnorm");

    /** 2,000 clean images at 1 % flag 20; a valid detector flags 50 with a chance below 1e-3. */
    private static final double MOST_FALSE = 0.025;

    @TempDir private Path folder;

    @Test
    void theConvolutionalNetworkOnClothes() throws Exception {
        check(fashion("cnn", "pixels,block0,block1,embedding"), 0.96, 0.6);
    }

    @Test
    void theTransformerOnClothes() throws Exception {
        check(fashion("vit", "pixels,block0,block1,embedding"), 0.95, 0.5);
    }

    private JsonNode fashion(String model, String layers) throws Exception {
        List<String> attacked = IMAGE_ATTACKS.stream().map(name -> model + "-" + name).toList();
        return evaluate(EXAMPLES.resolve("fashion"), model, layers, attacked);
    }

    private JsonNode evaluate(Path example, String model, String layers, List<String> attacked)
            throws Exception {
        Path json = folder.resolve(model + ".json");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "evaluate",
                                "--model",
                                example.resolve(model + ".onnx").toString(),
                                "--reference",
                                example.resolve("reference.npz").toString(),
                                "--clean",
                                example.resolve("clean.npz").toString(),
                                "--layers",
                                layers,
                                "--logits",
                                "logits",
                                "--json",
                                json.toString()));
        for (String attack : attacked) {
            arguments.add("--attacked");
            arguments.add(example.resolve(attack + ".npz").toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(new String[0]));
        System.out.println(out);
        assertEquals(0, code, err.toString());
        return new ObjectMapper().readTree(json.toFile());
    }

    private static void check(JsonNode report, double leastArea, double leastDetected) {
        double peerArea = 0;
        double peerDetected = 0;
        for (Map.Entry<String, JsonNode> score : report.get("scores").properties()) {
            if (PEERS.contains(score.getKey()) || score.getKey().startsWith("mahalanobis/")) {
                peerArea = Math.max(peerArea, mean(score.getValue(), "auroc"));
                peerDetected = Math.max(peerDetected, mean(score.getValue(), "tprAt1Percent"));
            }
        }
        double area = mean(report.get("combined"), "auroc");
        double detected = mean(report.get("combined"), "tprAt1Percent");
        assertTrue(area >= leastArea, "AUROC " + area);
        assertTrue(area >= peerArea + 0.05, "AUROC " + area + ", best peer " + peerArea);
        assertTrue(detected >= leastDetected, "detected " + detected);
        assertTrue(
                detected >= 1.5 * peerDetected,
                "detected " + detected + ", best peer " + peerDetected);
        double falsePositives = report.get("falsePositiveRateAtP1Percent").asDouble();
        assertTrue(falsePositives <= MOST_FALSE, "false positives " + falsePositives);
    }

    private static double mean(JsonNode byFile, String field) {
        double sum = 0;
        for (JsonNode file : byFile) {
            sum += file.get(field).asDouble();
        }
        return sum / byFile.size();
    }
}
