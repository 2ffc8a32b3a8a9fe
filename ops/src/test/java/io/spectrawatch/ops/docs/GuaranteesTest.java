package io.spectrawatch.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promises of the documentation name tests and places, and these are there. */
class GuaranteesTest {

    private static final Path PAGE = Path.of("docs", "guarantees.md");

    /** A class of tests, with a method of it or without; or a method of the class named before. */
    private static final Pattern NAMED =
            Pattern.compile(
                    "`(?:(?<type>[A-Z]\\w*(?:Test|ITCase|Contract))(?:[.#](?<method>[a-z]\\w*))?"
                            + "|\\.(?<same>[a-z]\\w{9,}))`");

    private static final Pattern PROMISE =
            Pattern.compile("^\\*\\*([A-Z])(\\d+)\\. (?s:(.*?))(?:\n\n|\\z)", Pattern.MULTILINE);

    /** Sources of tests by the name of their class; of two with one name both. */
    private static Map<String, List<String>> tests() throws IOException {
        Map<String, List<String>> sources = new HashMap<>();
        for (String module : MarkdownPage.MODULES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String type = file.getFileName().toString().replace(".java", "");
                    sources.computeIfAbsent(type, t -> new ArrayList<>())
                            .add(Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static boolean holds(List<String> sources, String method) {
        Pattern test =
                Pattern.compile(
                        "@(?:Test|ParameterizedTest|RepeatedTest)\\b[^;]*?\\bvoid "
                                + method
                                + "\\(");
        return sources.stream().anyMatch(source -> test.matcher(source).find());
    }

    @Test
    void everyTestThatAPageNamesIsThere() throws IOException {
        Map<String, List<String>> tests = tests();
        int found = 0;
        for (MarkdownPage page : MarkdownPage.all()) {
            String type = "";
            Matcher named = NAMED.matcher(page.text());
            while (named.find()) {
                boolean same = named.group("same") != null;
                type = same ? type : named.group("type");
                String method = same ? named.group("same") : named.group("method");
                assertTrue(tests.containsKey(type), page.path() + ": " + named.group());
                assertTrue(
                        method == null || holds(tests.get(type), method),
                        page.path() + ": no test " + type + "#" + method);
                found++;
            }
        }
        assertTrue(found > 100, found + " names");
    }

    @Test
    void everyPromiseSaysWhatItRestsOnAndWhatWouldShowItBroken() {
        Map<String, Integer> last = new HashMap<>();
        Matcher promise = PROMISE.matcher(MarkdownPage.read(PAGE).text());
        int found = 0;
        while (promise.find()) {
            String letter = promise.group(1);
            String name = letter + promise.group(2);
            int number = Integer.parseInt(promise.group(2));
            assertEquals(last.merge(letter, 1, Integer::sum), number, name + " in its place");
            String[] parts = promise.group(3).split("\n- ");
            assertEquals(4, parts.length, name);
            assertTrue(parts[0].endsWith("**"), name + ": one bold sentence");
            assertTrue(parts[1].startsWith("if: "), name);
            assertTrue(parts[2].startsWith("proven: "), name);
            assertTrue(parts[3].startsWith("test: "), name);
            assertTrue(
                    NAMED.matcher(parts[3]).find() || parts[3].contains("*untested*"),
                    name + ": a test, or the word untested");
            found++;
        }
        assertTrue(found > 40, found + " promises");
    }

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() throws IOException {
        for (MarkdownPage page : MarkdownPage.all()) {
            for (String link : page.links()) {
                if (link.contains("://")) {
                    continue;
                }
                String[] parts = link.split("#", 2);
                Path target =
                        parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]);
                String where = page.path() + ": " + link;
                assertTrue(Files.exists(target), where);
                if (parts.length > 1) {
                    assertTrue(MarkdownPage.read(target).anchors().contains(parts[1]), where);
                }
            }
        }
    }

    @Test
    void aTestThatIsNoneIsNoticed() throws IOException {
        Map<String, List<String>> tests = tests();
        assertTrue(holds(tests.get("GuaranteesTest"), "aTestThatIsNoneIsNoticed"));
        assertFalse(holds(tests.get("GuaranteesTest"), "tests"), "a helper is no test");
        assertFalse(holds(tests.get("GuaranteesTest"), "anythingElse"));
    }
}
