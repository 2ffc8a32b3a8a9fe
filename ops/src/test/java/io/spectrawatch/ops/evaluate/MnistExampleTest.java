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

/** Measures the detectors on the example model against every attack beside it, by the command. */
class MnistExampleTest {
    private static final Path EXAMPLE = Path.of("examples", "mnist");
    private static final List<String> ATTACKS =
            List.of(
                    "fgsm-0.1",
                    "fgsm-0.2",
                    "fgsm-0.3",
                    "pgd-0.1",
                    "pgd-0.2",
                    "pgd-0.3",
                    "pgd-l2-2",
                    "cw-l2");
    private static final Set<String> PEERS =
            Set.of("msp", "energy", "vim", "knn", "relative-mahalanobis", "neco", "gradnorm");

    /** 1,000 clean digits at 1 % flag 10; a valid detector flags 30 with a chance below 1e-6. */
    private static final double MOST_FALSE = 0.03;

    @TempDir private Path folder;

    @Test
    void theCombinationBeatsEveryPeer() throws Exception {
        Path json = folder.resolve("report.json");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "evaluate",
                                "--model",
                                EXAMPLE.resolve("mnist.onnx").toString(),
                                "--reference",
                                file("reference"),
                                "--clean",
                                file("clean"),
                                "--layers",
                                "pixels,block0,block1,embedding",
                                "--logits",
                                "logits",
                                "--json",
                                json.toString()));
        for (String attack : ATTACKS) {
            arguments.add("--attacked");
            arguments.add(file(attack));
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
        check(new ObjectMapper().readTree(json.toFile()));
    }

    private static String file(String name) {
        return EXAMPLE.resolve(name + ".npz").toString();
    }

    private static void check(JsonNode report) {
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
        assertTrue(area >= 0.95, "AUROC " + area);
        assertTrue(area >= peerArea + 0.05, "AUROC " + area + ", best peer " + peerArea);
        assertTrue(
                detected >= 1.3 * peerDetected,
                "detected " + detected + ", best peer " + peerDetected);
        double falsePositives = report.get("falsePositiveRateAtP1Percent").asDouble();
        assertTrue(falsePositives <= MOST_FALSE, "false positives " + falsePositives);
    }

    private static double mean(JsonNode byFile, String field) {
        double sum = 0;
        for (String attack : ATTACKS) {
            sum += byFile.get(attack).get(field).asDouble();
        }
        return sum / ATTACKS.size();
    }
}
