package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spectrawatch.ops.docs.MarkdownPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alerts about the monitoring itself, held against Prometheus' own tool and the docs. */
class PipelineRulesTest {

    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path RULES = Path.of("prometheus", "pipeline.rules.yml");
    private static final Path TESTS = Path.of("prometheus", "pipeline.rules.test.yml");
    private static final Path DOCS = Path.of("docs", "faults.md");

    @Test
    void promtoolAcceptsTheRulesAndTheirTestsPass() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
        promtool("check", "rules", RULES.toString());
        promtool("test", "rules", TESTS.toString());
    }

    @Test
    void everyAlertHasATestAndARunbook() throws IOException {
        String tests = Files.readString(TESTS);
        Set<String> headings = MarkdownPage.read(DOCS).anchors();
        List<String> alerts = all("alert: (\\w+)");
        assertFalse(alerts.isEmpty());
        for (String alert : alerts) {
            assertTrue(tests.contains("alertname: " + alert + "\n"), alert + " has no test");
        }
        List<String> runbooks = all("faults\\.md#([\\w-]+)");
        assertEquals(alerts.size(), runbooks.size());
        runbooks.forEach(anchor -> assertTrue(headings.contains(anchor), anchor));
    }

    @Test
    void everyShareHasATestAndIsExplained() throws IOException {
        List<String> shares = all("record: (\\S+)");
        assertFalse(shares.isEmpty());
        String explained = Files.readString(Path.of("docs", "guarantees.md"));
        for (String share : shares) {
            assertTrue(Files.readString(TESTS).contains("expr: " + share + "\n"), share);
            assertTrue(explained.contains("`" + share + "`"), share);
        }
    }

    /** Names of the metrics that the rules ask for. */
    static Set<String> metrics() throws IOException {
        return new TreeSet<>(all("(spectrawatch_\\w+)"));
    }

    private static List<String> all(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(RULES));
        return matcher.results().map(found -> found.group(1)).toList();
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
