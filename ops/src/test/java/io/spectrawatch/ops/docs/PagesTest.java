package io.spectrawatch.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages are narrow, all of them are listed, and the layout names what is there. */
class PagesTest {

    private static final int COLUMNS = 100;

    private static final Path INDEX = Path.of("docs", "README.md");
    private static final Path LAYOUT = Path.of("docs", "layout.md");

    private static final String ROOT = "io.spectrawatch.";

    /** A class, a plural s behind it aside. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)`");

    private static final Pattern PACKAGE =
            Pattern.compile("`(?:" + ROOT + ")?((?:spectral|ingest|flink|ops)(?:\\.[a-z]+)+)`");

    private static final Pattern QUALIFIED =
            Pattern.compile(ROOT.replace(".", "\\.") + "[\\w.]*\\w");

    private static List<Path> sources(String folder) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MarkdownPage.MODULES) {
            Path root = Path.of("..", module, "src", folder);
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(Files::isRegularFile).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    /** The simple names of classes and of Avro records. */
    private static Set<String> types() throws IOException {
        List<Path> sources = sources("main");
        sources.addAll(sources("test/java"));
        return sources.stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java") || name.endsWith(".avsc"))
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .collect(Collectors.toSet());
    }

    /** Packages and classes with their full names. */
    private static Set<String> qualified() throws IOException {
        List<Path> sources = sources("main/java");
        sources.addAll(sources("test/java"));
        return sources.stream()
                .map(file -> file.toString().replace('/', '.'))
                .map(name -> name.substring(name.indexOf(ROOT)).replaceAll("\\.java$", ""))
                .flatMap(name -> Stream.of(name, name.substring(0, name.lastIndexOf('.'))))
                .collect(Collectors.toSet());
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }

    private static List<String> named(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    @Test
    void noLineIsWiderThanAScreen() throws IOException {
        List<String> wide = new ArrayList<>();
        for (MarkdownPage page : MarkdownPage.all()) {
            List<String> lines = page.prose().lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                boolean breaks = line.strip().replaceFirst("^[-*>] ", "").contains(" ");
                if (breaks && line.codePointCount(0, line.length()) > COLUMNS) {
                    wide.add(page.path() + ":" + (i + 1));
                }
            }
        }
        assertEquals(List.of(), wide);
    }

    @Test
    void theIndexLeadsToEveryPage() throws IOException {
        List<String> links = MarkdownPage.read(INDEX).links();
        try (Stream<Path> pages = Files.list(INDEX.getParent())) {
            for (Path page : pages.filter(each -> !each.equals(INDEX)).toList()) {
                String name = page.getFileName().toString();
                assertTrue(links.contains(name), INDEX + " does not name " + name);
            }
        }
    }

    @Test
    void everythingThatTheLayoutNamesIsThere() throws IOException {
        String text = MarkdownPage.read(LAYOUT).text();
        List<String> types = named(TYPE, text);
        assertTrue(types.size() > 60, types.size() + " classes");
        assertEquals(List.of(), missing(types, types()));
        List<String> packages = named(PACKAGE, text);
        assertTrue(packages.size() > 30, packages.size() + " packages");
        assertEquals(
                List.of(),
                missing(packages.stream().map(name -> ROOT + name).toList(), qualified()));
        assertEquals(List.of(), missing(found(QUALIFIED, text), qualified()));
    }

    @Test
    void classesInTheDrawingsOfTheLayoutAreThere() throws IOException {
        Set<String> types = types();
        List<String> drawn =
                MarkdownPage.read(LAYOUT).code().stream()
                        .flatMap(line -> found(Pattern.compile("[A-Z]\\w+"), line).stream())
                        .toList();
        assertTrue(drawn.size() > 20, drawn.size() + " classes");
        assertEquals(List.of(), missing(drawn, types));
    }

    private static List<String> missing(List<String> names, Set<String> there) {
        return names.stream().filter(name -> !there.contains(name)).distinct().toList();
    }
}
