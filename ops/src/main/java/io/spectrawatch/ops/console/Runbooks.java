package io.spectrawatch.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The page of runbooks, cut into a section for each kind of alert. */
final class Runbooks {

    private static final String PAGE = "/io/spectrawatch/ops/console/runbooks.md";
    private static final String SECTION = "## ";

    private final Map<String, String> sections = new TreeMap<>();

    Runbooks() throws IOException {
        try (InputStream in = Runbooks.class.getResourceAsStream(PAGE)) {
            if (in == null) {
                throw new IOException(PAGE + " is not on the class path");
            }
            String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String section : page.split("\n(?=" + SECTION + ")")) {
                if (section.startsWith(SECTION)) {
                    int end = section.indexOf('\n');
                    sections.put(
                            section.substring(SECTION.length(), end).strip(),
                            section.substring(end).strip());
                }
            }
        }
    }

    /** The section of a kind in Markdown, or null. */
    String of(String kind) {
        return sections.get(kind);
    }
}
