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
public final class CheckpointFolder {

    private static final String METADATA = "_metadata";

    private CheckpointFolder() {}

    /** The completed checkpoint that was written last, or nothing where there is none. */
    public static Optional<Path> newest(Path folder) throws IOException {
        return completed(folder).stream().findFirst();
    }

    /** When a completed checkpoint was written. */
    public static FileTime completedAt(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (NoSuchFileException subsumed) {
            return FileTime.fromMillis(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read checkpoint " + checkpoint, e);
        }
    }

    /** The newest first. */
    private static List<Path> completed(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(folder, 3, (p, a) -> p.endsWith(METADATA))) {
            return files.map(Path::getParent)
                    .filter(p -> p.getFileName().toString().startsWith("chk-"))
                    .sorted(
                            Comparator.comparing(CheckpointFolder::completedAt)
                                    .thenComparing(CheckpointFolder::number)
                                    .reversed())
                    .toList();
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    /**
     * Makes sure that checkpoints can be written; the folder is created where it is missing.
     *
     * @throws IOException if not; the message names the folder and the option
     */
    static void requireWritable(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "write-check", null);
            Files.delete(probe);
        } catch (IOException e) {
            throw new IOException(
                    "checkpoints cannot be written to "
                            + folder
                            + " ("
                            + e
                            + "); choose another folder with --checkpoints",
                    e);
        }
    }

    /**
     * Makes sure that a checkpoint is as it was written, before a job starts from it.
     *
     * @param newest of the folder
     * @throws IOException if not; the message names the damaged file and the way out
     */
    static void requireWhole(Path folder, Path newest) throws IOException {
        Optional<String> damage = CheckpointFiles.damage(newest);
        if (damage.isEmpty()) {
            return;
        }
        List<Path> all = completed(folder);
        String wayOut =
                all.size() < 2
                        ? "it is the only one in " + folder
                        : "remove "
                                + newest
                                + " to go on from "
                                + all.get(1)
                                + " of "
                                + completedAt(all.get(1))
                                + "; what was published since will be published again, equal to"
                                + " the last byte";
        throw new IOException("the newest checkpoint is damaged: " + damage.get() + "; " + wayOut);
    }
}
