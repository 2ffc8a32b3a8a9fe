package io.spectrawatch.ops.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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

    static final List<String> MODULES =
            List.of("schemas", "spectral-core", "ingest", "flink-jobs", "ops");

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
        try (Stream<Path> root = Files.list(Path.of(".."))) {
            root.filter(file -> file.toString().endsWith(".md")).sorted().forEach(paths::add);
        }
        for (String module : MODULES) {
            paths.addAll(pages(Path.of("..", module)));
        }
        return paths.stream().map(Path::normalize).map(MarkdownPage::read).toList();
    }

    /** Leaves out what is built, which comes and goes while tests run. */
    private static List<Path> pages(Path folder) throws IOException {
        List<Path> pages = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes is) {
                        return each.getFileName().toString().equals("target")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                        if (file.toString().endsWith(".md")) {
                            pages.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        pages.sort(null);
        return pages;
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

    /** The lines of sentences, those of code and of tables empty. */
    String prose() {
        List<String> prose = new ArrayList<>();
        String before = "";
        for (String line : text().split("\n", -1)) {
            boolean code = indented(line) && (before.isBlank() || indented(before));
            prose.add(code || line.startsWith("|") && line.endsWith("|") ? "" : line);
            before = line;
        }
        return String.join("\n", prose);
    }

    /** The lines of code, fenced and indented. */
    List<String> code() {
        List<String> code = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            boolean fence = line.strip().startsWith("```");
            fenced ^= fence;
            if (!fence && (fenced || indented(line))) {
                code.add(line);
            }
        }
        return code;
    }

    private static boolean indented(String line) {
        return line.startsWith("    ");
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
