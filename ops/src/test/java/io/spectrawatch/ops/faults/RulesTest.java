package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spectrawatch.ops.docs.MarkdownPage;
import io.spectrawatch.spectral.certificate.alert.AlertKind;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for Prometheus, held against its own tool and the docs. */
class RulesTest {

    private static final Path FOLDER = Path.of("prometheus");
    private static final String PIPELINE = "pipeline";
    private static final String DETECTION = "detection";

    @ParameterizedTest
    @ValueSource(strings = {PIPELINE, DETECTION})
    void promtoolAcceptsTheRulesAndTheirTestsPass(String file) throws Exception {
        run("promtool", "check", "rules", rules(file).toString());
        run("promtool", "test", "rules", tests(file).toString());
    }

    @Test
    void alertmanagerAcceptsTheExample() throws Exception {
        run("amtool", "check-config", FOLDER.resolve("alertmanager.example.yml").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {PIPELINE, DETECTION})
    void everyAlertHasATestAndARunbook(String file) throws IOException {
        String tests = Files.readString(tests(file));
        List<String> alerts = all(file, "alert: (\\w+)");
        assertFalse(alerts.isEmpty());
        for (String alert : alerts) {
            assertTrue(tests.contains("alertname: " + alert + "\n"), alert + " has no test");
        }
        List<String> links = all(file, "runbook_url: '([^']+)'");
        assertEquals(alerts.size(), links.size());
        for (String link : links) {
            Matcher parts =
                    Pattern.compile("\\{\\{ \\$externalLabels\\.runbooks }}/(\\w+\\.md)#([\\w-]+)")
                            .matcher(link);
            assertTrue(parts.matches(), link);
            Set<String> headings = MarkdownPage.read(Path.of("docs", parts.group(1))).anchors();
            assertTrue(headings.contains(parts.group(2)), link);
        }
    }

    @Test
    void everyKindOfAlertHasARuleAndARunbook() throws IOException {
        Set<String> kinds =
                new TreeSet<>(
                        List.of("CLIENT_UNDER_ATTACK", "CLIENT_SEARCHING", "LAYERS_UNWATCHED"));
        Arrays.stream(AlertKind.values()).map(Enum::name).forEach(kinds::add);
        Arrays.stream(StreamKind.values()).map(Enum::name).forEach(kinds::add);

        assertEquals(kinds, new TreeSet<>(all(DETECTION, "\\{kind=\"(\\w+)\"}")));
        assertEquals(kinds, new TreeSet<>(headings(Path.of("docs", "runbooks.md"))));
    }

    @Test
    void everyShareHasATestAndIsExplained() throws IOException {
        List<String> shares = all(PIPELINE, "record: (\\S+)");
        assertFalse(shares.isEmpty());
        String explained = Files.readString(Path.of("docs", "guarantees.md"));
        for (String share : shares) {
            assertTrue(Files.readString(tests(PIPELINE)).contains("expr: " + share + "\n"), share);
            assertTrue(explained.contains("`" + share + "`"), share);
        }
    }

    @Test
    void everyBandHasATestAndIsExplained() throws IOException {
        String explained = Files.readString(Path.of("docs", "metrics.md"));
        for (String band : all(DETECTION, "record: (\\S+)")) {
            assertTrue(Files.readString(tests(DETECTION)).contains("expr: " + band + "\n"), band);
            String suffix = band.substring(band.lastIndexOf(':'));
            assertTrue(explained.contains("`spectrawatch:x" + suffix + "`"), band);
        }
    }

    /** Names of the metrics that the rules ask for. */
    static Set<String> metrics() throws IOException {
        return new TreeSet<>(all(PIPELINE, "(spectrawatch_\\w+)"));
    }

    private static Path rules(String file) {
        return FOLDER.resolve(file + ".rules.yml");
    }

    private static Path tests(String file) {
        return FOLDER.resolve(file + ".rules.test.yml");
    }

    private static List<String> all(String file, String pattern) throws IOException {
        return all(rules(file), pattern);
    }

    private static List<String> headings(Path page) throws IOException {
        return all(page, "(?m)^## ([A-Z_]+)$");
    }

    private static List<String> all(Path file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        return matcher.results().map(found -> found.group(1)).toList();
    }

    private static void run(String tool, String... arguments)
            throws IOException, InterruptedException {
        Path executable = Path.of("/usr/bin", tool);
        assumeTrue(Files.isExecutable(executable), tool + " is not installed");
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
