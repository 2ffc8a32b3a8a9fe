package io.spectrawatch.spectral.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.detect.SyntheticModel;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the examples of the module's README, and holds it to them. */
class ExamplesTest {
    private static final Path README = Path.of("README.md");
    private static final Path SOURCES = Path.of("src/test/java/io/spectrawatch/spectral/examples");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COORDINATES =
            Pattern.compile(
                    "<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*"
                            + "<version>(.*?)</version>");

    @Test
    void theReadmeShowsTheExamplesAsTheyAre() throws IOException {
        List<String> shown = new ArrayList<>();
        Matcher code = CODE.matcher(Files.readString(README));
        while (code.find()) {
            shown.add(code.group(1));
        }
        assertEquals(List.of(source("CertifiedRank"), source("ForeignSample")), shown);
    }

    private static String source(String name) throws IOException {
        String text = Files.readString(SOURCES.resolve(name + ".java"));
        return text.substring(text.indexOf("import "));
    }

    @Test
    void theReadmeNamesTheModuleAsMavenDoes() throws IOException {
        Matcher parent = COORDINATES.matcher(Files.readString(Path.of("pom.xml")));
        Matcher named = COORDINATES.matcher(Files.readString(README));
        assertTrue(parent.find() && named.find());
        assertEquals(parent.group(1), named.group(1));
        assertEquals("spectral-core", named.group(2));
        assertEquals(parent.group(3), named.group(3));
    }

    @Test
    void theRankOfIndependentColumnsIsTheirNumber() {
        CertifiedValue rank = CertifiedRank.of(rows(3000, 1), rows(2000, 2), 16);
        assertTrue(rank.upper() - rank.lower() < 1e-6, rank.toString());
        assertEquals(16, rank.estimate(), 0.1);
    }

    private static List<float[]> rows(int count, long seed) {
        Random random = new Random(seed);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[16];
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void aForeignSampleStandsOut() {
        SyntheticModel model = new SyntheticModel(21);
        assertEquals(SyntheticModel.TAPS, ForeignSample.TAPS);
        float[][] reference = SyntheticModel.values(model.clean(1200, 1));
        float[][] foreign = SyntheticModel.values(model.foreign(1, 2));
        SampleVerdict verdict = ForeignSample.judge(reference, foreign);
        assertTrue(verdict.p() <= 0.01, verdict.toString());
        assertEquals(SampleVerdict.Kind.OUT_OF_DISTRIBUTION, verdict.kind());
    }
}
