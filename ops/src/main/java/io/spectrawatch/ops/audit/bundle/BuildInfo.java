package io.spectrawatch.ops.audit.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** What this build is made of, as it says itself. */
public final class BuildInfo {

    private static final String RESOURCE = "/spectrawatch-version.properties";
    private static final String REVISION = "revision";
    private static final String UNKNOWN = "unknown";

    private BuildInfo() {}

    /**
     * Versions by name, the Java runtime's and the sources' {@code revision} among them: a commit's
     * id, with "-changed" after it where files differed from it, or "unknown" where the sources
     * came without their repository.
     */
    public static SortedMap<String, String> versions() throws IOException {
        Properties build = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            build.load(in);
        }
        SortedMap<String, String> versions = new TreeMap<>();
        for (String name : build.stringPropertyNames()) {
            versions.put(name, build.getProperty(name));
        }
        versions.put("spectrawatch", versions.remove("version"));
        String revision = versions.get(REVISION);
        // What the build did not know is still a reference to it.
        if (revision.isEmpty() || revision.startsWith("${")) {
            versions.put(REVISION, UNKNOWN);
        }
        versions.put("java", Runtime.version().toString());
        return versions;
    }
}
