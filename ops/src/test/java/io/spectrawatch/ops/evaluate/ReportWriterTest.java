package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is printed of reports made by hand. */
class ReportWriterTest {
    private static final Measured MEASURED = new Measured(0.9, 0.8, 1, 0.5, 0.4, 0.6, 0.7);
    private static final String NO_EVIDENCE = "no evidence of models of the input";

    private static String printed(List<String> names, LevelCheck... levels) {
        Map<String, Map<String, Measured>> scores = new LinkedHashMap<>();
        Map<String, Double> weights = new LinkedHashMap<>();
        for (String name : names) {
            scores.put(name, Map.of("pgd", MEASURED));
            weights.put(name, 1.0 / names.size());
        }
        StringWriter out = new StringWriter();
        ReportWriter.print(
                new EvaluationReport(
                        600,
                        100,
                        Map.of("pgd", 50),
                        0.01,
                        Map.of("pgd", 0.5),
                        weights,
                        Map.of("pgd", MEASURED),
                        scores,
                        Map.of(),
                        List.of(levels),
                        Map.of(),
                        100),
                new PrintWriter(out));
        return out.toString();
    }

    /** Of images another kind is taken than of other inputs; the kernel machines are of both. */
    @Test
    void evidenceThatWeighsIsNotSaidToBeAbsent() {
        String images =
                printed(List.of("msp", "kernel-evidence-wide/pixels", "patch-evidence/pixels"));
        assertFalse(images.contains(NO_EVIDENCE), images);
        String others = printed(List.of("kernel-evidence-wide/x", "nearest-evidence/x"));
        assertFalse(others.contains(NO_EVIDENCE), others);
        String none = printed(List.of("msp", "class-evidence/x", "neighbour-evidence/x"));
        assertTrue(none.contains(NO_EVIDENCE), none);
    }

    @Test
    void columnsStandBelowEachOtherWhateverTheScoresAreCalled() {
        String out =
                printed(
                        List.of(
                                "msp",
                                "transport//encoder/layer.2/output/LayerNorm/Add_1_output_0>last"));
        List<String> table =
                out.lines().filter(l -> l.contains("0.900/0.50") || l.contains("mean")).toList();
        assertEquals(4, table.size(), out);
        for (String line : table) {
            assertEquals(table.get(0).length(), line.length(), out);
        }
    }

    @Test
    void aModelWithoutClassesHasNoneThatIsFlaggedMost() {
        LevelCheck.Share share = new LevelCheck.Share(1, 50);
        String one = printed(List.of("knn"), check(Map.of(0, share)));
        assertTrue(one.contains("samples promise)" + System.lineSeparator()), one);
        String two = printed(List.of("knn"), check(Map.of(0, share, 1, share)));
        assertTrue(two.contains("; most of class "), two);
    }

    private static LevelCheck check(Map<Integer, LevelCheck.Share> byClass) {
        LevelCheck.Share clean = new LevelCheck.Share(1, 100);
        return new LevelCheck(0.05, 105, clean, 0, 0.1, byClass, Map.of("pgd", clean));
    }
}
