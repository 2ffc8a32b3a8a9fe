package io.spectrawatch.spectral.kernel;

import java.nio.file.Path;

/**
 * The folder into which native libraries are extracted once per machine: system property
 * spectrawatch.native.dir, environment SPECTRAWATCH_NATIVE_DIR, or ~/.cache/spectrawatch/native.
 */
final class NativeFolder {
    static final String JAVACPP_CACHE = "org.bytedeco.javacpp.cachedir";
    static final String PROPERTY = "spectrawatch.native.dir";
    static final String ENVIRONMENT = "SPECTRAWATCH_NATIVE_DIR";

    private NativeFolder() {}

    static Path path() {
        String property = System.getProperty(PROPERTY);
        if (property != null) {
            return Path.of(property);
        }
        String environment = System.getenv(ENVIRONMENT);
        if (environment != null) {
            return Path.of(environment);
        }
        return Path.of(System.getProperty("user.home"), ".cache", "spectrawatch", "native");
    }

    /**
     * Points JavaCPP at the folder unless the user has chosen another one; call before its first
     * class loads.
     */
    static void prepareOpenBlas() {
        if (System.getProperty(JAVACPP_CACHE) == null) {
            System.setProperty(JAVACPP_CACHE, path().resolve("javacpp").toString());
        }
    }
}
