package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Names and joins array files. */
final class InputFiles {
    private InputFiles() {}

    /** Returns the file's name without its extension. */
    static String name(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Returns the rows of several files of the same row shape, one after the other. */
    static NpyArray join(List<Path> files) throws IOException {
        NpyArray all = NpyFile.read(files.get(0));
        for (Path file : files.subList(1, files.size())) {
            NpyArray next = NpyFile.read(file);
            int[] shape = all.shape().clone();
            shape[0] = next.rows();
            if (!Arrays.equals(shape, next.shape())) {
                throw new IllegalArgumentException(
                        file
                                + ": rows like those of "
                                + files.get(0)
                                + " "
                                + Arrays.toString(all.shape())
                                + " expected, found "
                                + Arrays.toString(next.shape()));
            }
            float[] values =
                    Arrays.copyOf(
                            all.values(), Math.addExact(all.values().length, next.values().length));
            System.arraycopy(next.values(), 0, values, all.values().length, next.values().length);
            shape[0] += all.rows();
            all = new NpyArray(shape, values);
        }
        return all;
    }
}
