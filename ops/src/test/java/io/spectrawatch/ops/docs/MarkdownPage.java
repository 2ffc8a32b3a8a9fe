package io.spectrawatch.ops.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of the documentation as tests read it: its lines, headings and links. */
public record MarkdownPage(Path path, List<String> lines) {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    public static MarkdownPage read(Path path) {
        try {
            return new MarkdownPage(path, List.copyOf(Files.readAllLines(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All pages of the project, from the folder of this module. */
    static List<MarkdownPage> all() throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String folder :
                List.of("..", "../spectral-core", "docs", "examples/mnist", "examples/svdnet")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(paths::add);
            }
        }
        return paths.stream().map(MarkdownPage::read).toList();
    }

    /** The lines outside of fenced code, joined. */
    String text() {
        StringBuilder text = new StringBuilder();
        boolean fenced = false;
        for (String line : lines) {
            boolean fence = line.strip().startsWith("```");
            fenced ^= fence;
            text.append(fence || fenced ? "" : line).append('\n');
        }
        return text.toString();
    }

    /** The anchors of its headings. */
    public Set<String> anchors() {
        return text().lines()
                .filter(line -> line.startsWith("#"))
                .map(MarkdownPage::anchor)
                .collect(Collectors.toSet());
    }

    /** Where it links to, outside of fenced code. */
    List<String> links() {
        return LINK.matcher(text()).results().map((MatchResult found) -> found.group(1)).toList();
    }

    /** As GitHub and GitLab make it from a heading. */
    private static String anchor(String heading) {
        return heading.replaceAll("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }
}
