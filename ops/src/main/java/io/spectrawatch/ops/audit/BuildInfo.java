package io.spectrawatch.ops.audit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.TreeMap;

/** What this build is made of, as it says itself. */
final class BuildInfo {

    private static final String RESOURCE = "/spectrawatch-version.properties";
    private static final String CHANGED = "changed";

    private BuildInfo() {}

    /**
     * Versions by name, the Java runtime's and the sources' {@code revision} among them: a commit's
     * id, with "and changes" after it where files differed from it, or "unknown" where the sources
     * came without their repository.
     */
    static TreeMap<String, String> versions() throws IOException {
        Properties build = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            build.load(in);
        }
        TreeMap<String, String> versions = new TreeMap<>();
        for (String name : build.stringPropertyNames()) {
            versions.put(name, build.getProperty(name));
        }
        versions.put("spectrawatch", versions.remove("version"));
        if (Boolean.parseBoolean(versions.remove(CHANGED))) {
            versions.merge("revision", " and changes", String::concat);
        }
        versions.put("java", Runtime.version().toString());
        return versions;
    }
}
