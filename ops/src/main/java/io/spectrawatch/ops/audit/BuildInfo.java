package io.spectrawatch.ops.audit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.TreeMap;

/** What this build is made of, as it says itself. */
final class BuildInfo {

    private static final String RESOURCE = "/spectrawatch-version.properties";

    private BuildInfo() {}

    /** Versions by name, the Java runtime's among them. */
    static TreeMap<String, String> versions() throws IOException {
        Properties build = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            build.load(in);
        }
        TreeMap<String, String> versions = new TreeMap<>();
        for (String name : build.stringPropertyNames()) {
            String value = build.getProperty(name);
            // What the build did not know is still a reference to it.
            if (!value.isEmpty() && !value.startsWith("${")) {
                versions.put(name.equals("version") ? "spectrawatch" : name, value);
            }
        }
        versions.put("java", Runtime.version().toString());
        return versions;
    }
}
