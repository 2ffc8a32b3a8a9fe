package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several levels, and every sample's scores, on the digits that need little. */
class LevelsAndScoresTest {
    private static final Path EXAMPLE = Path.of("examples", "digits");

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int evaluate(String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate"));
        arguments.addAll(List.of("--model", EXAMPLE.resolve("digits.onnx").toString()));
        arguments.addAll(List.of("--reference", EXAMPLE.resolve("reference.npz").toString()));
        arguments.addAll(List.of("--clean", EXAMPLE.resolve("clean.npz").toString()));
        arguments.addAll(List.of("--attacked", EXAMPLE.resolve("pgd-0.1.npz").toString()));
        arguments.addAll(List.of("--layers", "pixels,conv0,conv1,embedding"));
        arguments.addAll(List.of(more));
        return Main.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments.toArray(new String[0]));
    }

    @Test
    void levelsThatCannotBeReachedAreSaidAndScoresAreWritten() throws Exception {
        Path json = folder.resolve("report.json");
        Path scores = folder.resolve("scores.csv");
        Path page = folder.resolve("report.html");
        int code =
                evaluate(
                        "--level",
                        "0.05",
                        "--level",
                        "0.001",
                        "--scores",
                        scores.toString(),
                        "--html",
                        page.toString(),
                        "--json",
                        json.toString());
        assertEquals(0, code, err.toString());
        assertTrue(out.toString().contains("level 0.001: not supported"), out.toString());
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        JsonNode levels = report.get("levels");
        assertEquals(2, levels.size());
        assertTrue(levels.get(0).get("supported").asBoolean());
        assertTrue(!levels.get(1).get("supported").asBoolean());
        assertEquals(283, levels.get(0).get("clean").get("of").asInt());
        assertTrue(report.get("weights").get("nearest-evidence/pixels").asDouble() > 0);
        assertTrue(report.get("combined").get("pgd-0.1").get("auroc").asDouble() > 0.98);
        String html = Files.readString(page);
        assertTrue(html.contains("<polyline points=") && html.contains("</svg> pgd-0.1<td>156"));
        assertTrue(!html.contains("NaN") && !html.contains("<script"), html);
        assertSteps(html);
        List<String> lines = Files.readAllLines(scores);
        assertEquals(1 + 283 + 156, lines.size());
        assertTrue(
                lines.get(0).startsWith("set,sample,predicted,favoured,p,combined,kind,loudest"));
        int columns = lines.get(0).split(",").length;
        for (String line : lines) {
            assertEquals(columns, line.split(",").length, line);
        }
        assertTrue(lines.get(284).startsWith("pgd-0.1,0,"), lines.get(284));
    }

    /** More is found at a threshold, and nothing more between two. */
    private static void assertSteps(String html) {
        String points = html.split("<polyline points=\"", 2)[1].split("\"", 2)[0];
        String[] all = points.strip().split(" ");
        assertTrue(all.length > 3, points);
        for (int i = 1; i < all.length; i++) {
            String[] before = all[i - 1].split(",");
            String[] here = all[i].split(",");
            assertTrue(before[0].equals(here[0]) || before[1].equals(here[1]), points);
        }
    }

    /** The combination is the same; the single score is the best on the other attack. */
    @Test
    void anAttackIsLeftOutWhereAScoreIsChosen() throws Exception {
        Path json = folder.resolve("report.json");
        int code =
                evaluate(
                        "--attacked",
                        EXAMPLE.resolve("cw-l2.npz").toString(),
                        "--leave-one-attack-out",
                        "--json",
                        json.toString());
        assertEquals(0, code, err.toString());
        assertTrue(out.toString().contains("mean: combined "), out.toString());
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        JsonNode left = report.get("leaveOneAttackOut").get("cw-l2");
        String chosen = left.get("chosen").asText();
        JsonNode scores = report.get("scores");
        double best = 0;
        for (JsonNode each : scores) {
            best = Math.max(best, each.get("pgd-0.1").get("auroc").asDouble());
        }
        assertEquals(best, scores.get(chosen).get("pgd-0.1").get("auroc").asDouble());
        assertEquals(scores.get(chosen).get("cw-l2").get("auroc"), left.get("auroc"));
    }

    @Test
    void oneAttackAloneCannotBeLeftOut() {
        assertEquals(2, evaluate("--leave-one-attack-out"));
        assertTrue(err.toString().contains("needs two of --attacked"), err.toString());
    }

    @Test
    void aLevelThatIsNoneIsWrongUsage() {
        assertEquals(2, evaluate("--level", "1.5"));
        assertTrue(err.toString().contains("level: above 0 and below 1"), err.toString());
    }
}
