package io.spectrawatch.spectral.natives;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The folder into which native libraries are extracted once per machine instead of once per
 * process: system property {@value #PROPERTY}, environment {@value #ENVIRONMENT}, or
 * ~/.cache/spectrawatch/native.
 */
public final class NativeFolder {
    /** System property that names the folder. */
    public static final String PROPERTY = "spectrawatch.native.dir";

    /** Environment variable that names the folder. */
    public static final String ENVIRONMENT = "SPECTRAWATCH_NATIVE_DIR";

    private static final String JAVACPP_CACHE = "org.bytedeco.javacpp.cachedir";

    private NativeFolder() {}

    /** Returns the folder; it need not exist yet. */
    public static Path path() {
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
     *
     * @return the folder in use
     */
    public static String prepareJavaCpp() {
        if (System.getProperty(JAVACPP_CACHE) == null) {
            System.setProperty(JAVACPP_CACHE, path().resolve("javacpp").toString());
        }
        return System.getProperty(JAVACPP_CACHE);
    }

    /**
     * Copies a class path resource to a file unless it is there in full size. Processes may race:
     * each writes its own temporary file and renames it.
     *
     * @throws IllegalStateException if the resource does not exist
     * @throws UncheckedIOException if the folder cannot be written
     */
    public static void extract(ClassLoader loader, String resource, Path target) {
        URL url = loader.getResource(resource);
        if (url == null) {
            throw new IllegalStateException(
                    "native library: no resource " + resource + " on the class path");
        }
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                if (Files.exists(target)
                        && Files.size(target) == connection.getContentLengthLong()) {
                    return;
                }
                Files.createDirectories(target.getParent());
                Path temporary =
                        Files.createTempFile(
                                target.getParent(), target.getFileName().toString(), ".part");
                try {
                    Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(temporary);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "native library: cannot extract "
                            + resource
                            + " to "
                            + target
                            + "; set "
                            + ENVIRONMENT
                            + " to a writable folder",
                    e);
        }
    }
}
