package io.spectrawatch.ops.cluster;

import io.spectrawatch.ops.process.ClassPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The jar that is submitted to a Flink cluster: the jobs and what they need beside Flink itself and
 * the native libraries.
 *
 * <p>The build makes it as {@code flink-jobs-VERSION-job.jar} beside the plain jar of {@code
 * flink-jobs}.
 */
public final class JobJar {

    /** Overrides the search: environment variable with the path of the jar. */
    public static final String ENVIRONMENT = "SPECTRAWATCH_JOB_JAR";

    private static final String MODULE = "flink-jobs";
    private static final String PATTERN = MODULE + "-*-job.jar";

    private JobJar() {}

    /**
     * Finds the jar: where {@value #ENVIRONMENT} says, else beside the jobs on the class path.
     *
     * @throws IOException if there is none; the message says where it was looked for
     */
    public static Path find() throws IOException {
        String configured = System.getenv(ENVIRONMENT);
        if (configured != null) {
            Path jar = Path.of(configured);
            if (!Files.isRegularFile(jar)) {
                throw new IOException(ENVIRONMENT + " names no file: " + jar);
            }
            return jar;
        }
        for (Path entry : ClassPath.entries()) {
            Path folder = folderOf(entry);
            if (folder != null) {
                return only(folder);
            }
        }
        throw new IOException(
                "the jobs are not on the class path; set " + ENVIRONMENT + " to the job jar");
    }

    /** The folder of the module's build output that the entry is; null for any other entry. */
    private static Path folderOf(Path entry) {
        boolean jar = entry.getFileName().toString().startsWith(MODULE + "-");
        boolean classes = entry.endsWith(Path.of(MODULE, "target", "classes"));
        return jar || classes ? entry.getParent() : null;
    }

    private static Path only(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, PATTERN)) {
            for (Path jar : found) {
                return jar;
            }
        }
        throw new IOException(
                "no "
                        + PATTERN
                        + " in "
                        + folder
                        + "; build it with mvn package, or set "
                        + ENVIRONMENT);
    }
}
