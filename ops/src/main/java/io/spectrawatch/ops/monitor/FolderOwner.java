package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps a folder of checkpoints to one deployment. A checkpoint holds places in one cluster's log
 * and transactions under one prefix: another deployment that went on from it would publish from the
 * middle of a log, and commit what the first has prepared.
 *
 * <pre>
 * folder/deployment    cluster id, prefix of the output topics, transactional id prefix; a line each
 * </pre>
 */
public final class FolderOwner {

    private static final String FILE = "deployment";

    private FolderOwner() {}

    /**
     * Makes sure that the folder is this deployment's; one that is nobody's becomes so.
     *
     * @throws IOException if it is another's, or cannot be written; the message names both
     */
    public static void require(
            Path folder, String clusterId, String outputPrefix, String transactionalIdPrefix)
            throws IOException {
        List<String> own = List.of(clusterId, outputPrefix, transactionalIdPrefix);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            CheckpointFolder.requireWritable(folder);
            Files.write(file, own);
            return;
        }
        List<String> found = Files.readAllLines(file);
        if (!found.equals(own)) {
            throw new IOException(
                    "the checkpoints in "
                            + folder
                            + " are those of another deployment (cluster, output topics,"
                            + " transactional ids): "
                            + own
                            + " expected, found "
                            + found
                            + "; choose another folder with --checkpoints");
        }
    }
}
