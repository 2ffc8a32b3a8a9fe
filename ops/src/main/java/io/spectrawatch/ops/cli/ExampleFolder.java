package io.spectrawatch.ops.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the examples of this installation: beside the folder the program's classes are in. */
final class ExampleFolder {

    private static final String EXAMPLES = "examples";

    private ExampleFolder() {}

    /**
     * Returns the folder of an example.
     *
     * @throws IOException if there is none
     */
    static Path of(String name) throws IOException {
        try {
            Path own =
                    Path.of(
                            ExampleFolder.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            for (Path folder = own; folder != null; folder = folder.getParent()) {
                Path example = folder.resolve(EXAMPLES).resolve(name);
                if (Files.isDirectory(example)) {
                    return example;
                }
            }
            throw new IOException("no folder " + EXAMPLES + "/" + name + " above " + own);
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell where the program lies", e);
        }
    }
}
