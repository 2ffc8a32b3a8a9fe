package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/**
 * An example model that was evaluated by the command.
 *
 * @param report what it wrote as JSON
 * @param attacked names of the attacks
 */
record EvaluatedExample(JsonNode report, List<String> attacked) {

    private static final Set<String> PEERS =
            Set.of("msp", "energy", "vim", "knn", "relative-mahalanobis", "neco", "gradnorm");

    /**
     * What an example must reach.
     *
     * @param area mean area under the ROC curve
     * @param areaOverPeers how far that is above the best peer's
     * @param detected mean share detected at 1 % false positives
     * @param overPeers how many times the best peer's share that is
     * @param mostFalse share of the clean samples flagged at p <= .01
     */
    record Floors(
            double area,
            double areaOverPeers,
            double detected,
            double overPeers,
            double mostFalse) {}

    /** Evaluates a model of images likewise. */
    static EvaluatedExample of(Path folder, Path example, String model, List<String> attacked)
            throws Exception {
        return of(folder, example, model, "pixels,block0,block1,embedding", attacked);
    }

    /**
     * Evaluates {@code model.onnx} of an example's folder with its input and layers tapped.
     *
     * @param folder takes the report
     * @param layers separated by commas, the input first
     */
    static EvaluatedExample of(
            Path folder, Path example, String model, String layers, List<String> attacked)
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
        assertFalse(out.toString().contains("no evidence of models"), out.toString());
        return new EvaluatedExample(new ObjectMapper().readTree(json.toFile()), attacked);
    }

    /** Requires the floors. */
    void check(Floors floors) {
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
        assertTrue(area >= floors.area(), "AUROC " + area);
        assertTrue(
                area >= peerArea + floors.areaOverPeers(),
                "AUROC " + area + ", best peer " + peerArea);
        assertTrue(detected >= floors.detected(), "detected " + detected);
        assertTrue(
                detected >= floors.overPeers() * peerDetected,
                "detected " + detected + ", best peer " + peerDetected);
        double falsePositives = report.get("falsePositiveRateAtP1Percent").asDouble();
        assertTrue(falsePositives <= floors.mostFalse(), "false positives " + falsePositives);
    }

    private double mean(JsonNode byFile, String field) {
        double sum = 0;
        for (String attack : attacked) {
            sum += byFile.get(attack).get(field).asDouble();
        }
        return sum / attacked.size();
    }
}
