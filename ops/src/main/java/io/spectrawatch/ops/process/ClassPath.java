package io.spectrawatch.ops.process;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The class path of this JVM, from which those of its children are made. */
public final class ClassPath {

    private ClassPath() {}

    /** The entries in their order. Surefire hides them behind a manifest-only jar. */
    public static List<Path> entries() {
        String joined =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(joined.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** Joins entries as {@code java -cp} takes them. */
    public static String join(List<Path> entries) {
        return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    }
}
