package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder in which a job that runs in this process keeps its checkpoints.
 *
 * <pre>
 * folder/&lt;job id&gt;/chk-&lt;n&gt;/_metadata    a completed checkpoint; Flink writes _metadata last
 * </pre>
 */
final class CheckpointFolder {

    private static final String METADATA = "_metadata";

    private CheckpointFolder() {}

    /** The completed checkpoint that was written last, or nothing where there is none. */
    static Optional<Path> newest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(folder, 3, (p, a) -> p.endsWith(METADATA))) {
            List<Path> completed =
                    files.map(Path::getParent)
                            .filter(p -> p.getFileName().toString().startsWith("chk-"))
                            .toList();
            return completed.stream()
                    .max(
                            Comparator.comparing(CheckpointFolder::completedAt)
                                    .thenComparing(CheckpointFolder::number));
        }
    }

    private static FileTime completedAt(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (NoSuchFileException subsumed) {
            return FileTime.fromMillis(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read checkpoint " + checkpoint, e);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }
}
