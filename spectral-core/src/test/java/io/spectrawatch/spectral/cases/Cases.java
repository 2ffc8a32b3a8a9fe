package io.spectrawatch.spectral.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The odd models and arrays among the test resources, as files. */
public final class Cases {
    private Cases() {}

    /** Copies one into a folder, under its own path, and returns where it lies. */
    public static Path copy(Path folder, String name) {
        Path target = folder.resolve(name);
        try (InputStream in = Cases.class.getResourceAsStream("/cases/" + name)) {
            Files.createDirectories(target.getParent());
            if (!Files.exists(target)) {
                Files.copy(in, target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
