package io.spectrawatch.ops.monitor;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * Compares the files of a checkpoint with what its {@code _metadata} says. Flink itself would find
 * a missing or short one only while the job starts, and then start it again for ever.
 */
final class CheckpointFiles {

    private CheckpointFiles() {}

    /** The first file that is missing, short or unreadable, in words. */
    static Optional<String> damage(Path checkpoint) {
        Path metadata = checkpoint.resolve("_metadata");
        List<FileStateHandle> files;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            files =
                    files(
                            Checkpoints.loadCheckpointMetadata(
                                    in,
                                    CheckpointFiles.class.getClassLoader(),
                                    checkpoint.toUri().toString()));
        } catch (IOException | RuntimeException e) {
            return Optional.of(metadata + " cannot be read (" + e + ")");
        }
        for (FileStateHandle file : files) {
            Path path = Path.of(file.getFilePath().toUri().getPath());
            try {
                if (Files.size(path) != file.getStateSize()) {
                    return Optional.of(
                            path
                                    + " has "
                                    + Files.size(path)
                                    + " bytes, "
                                    + file.getStateSize()
                                    + " expected");
                }
            } catch (IOException e) {
                return Optional.of(path + " cannot be read (" + e + ")");
            }
        }
        return Optional.empty();
    }

    private static List<FileStateHandle> files(CheckpointMetadata metadata) {
        List<FileStateHandle> files = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState state : operator.getStates()) {
                for (OperatorStateHandle each : state.getManagedOperatorState()) {
                    add(each.getDelegateStateHandle(), files);
                }
                for (KeyedStateHandle each : state.getManagedKeyedState()) {
                    if (each instanceof KeyGroupsStateHandle groups) {
                        add(groups.getDelegateStateHandle(), files);
                    }
                }
            }
        }
        return files;
    }

    /** Small state lies in the metadata themselves. */
    private static void add(StreamStateHandle handle, List<FileStateHandle> files) {
        if (handle instanceof FileStateHandle file) {
            files.add(file);
        }
    }
}
