package io.spectrawatch.ops.demo.python;

import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the server is asked to read. */
final class PythonDigits {

    /** Digits of the reference that the model has learnt from, see make.py of the example. */
    private static final int LEARNT = 3600;

    /** Tokens in a row of the picture. */
    private static final long ACROSS = 7;

    /** Tokens in a row of what is covered, and rows of it; see make.py of the example. */
    private static final long COVERED = 4;

    private final NpyArray reference;
    private final NpyArray clean;
    private final List<Digit> attacked = new ArrayList<>();
    private int next;

    /**
     * A digit.
     *
     * @param pixels 784 bytes
     * @param covered tokens that an attacker has covered, none of a clean one
     */
    record Digit(byte[] pixels, List<Long> covered) {}

    /**
     * @param digits folder of the clean ones
     * @param example folder of the server
     */
    PythonDigits(Path digits, Path example) throws IOException {
        this.reference = NpyFile.read(digits.resolve("reference.npz"));
        this.clean = NpyFile.read(digits.resolve("clean.npz"));
        NpyArray images = NpyFile.read(example.resolve("attacked.npz"));
        NpyArray first = NpyFile.read(example.resolve("covered.npy"));
        for (int i = 0; i < images.rows(); i++) {
            long at = (long) first.values()[i];
            attacked.add(new Digit(pixels(images, i), coveredFrom(at)));
        }
    }

    private static List<Long> coveredFrom(long first) {
        List<Long> covered = new ArrayList<>();
        for (long row = 0; row < COVERED; row++) {
            for (long column = 0; column < COVERED; column++) {
                covered.add(first + row * ACROSS + column);
            }
        }
        return covered;
    }

    /** Digits that the model has not learnt from. */
    List<Digit> reference(int count) {
        return clean(reference, LEARNT, count);
    }

    /** The next of the other digits, from the first again after the last. */
    List<Digit> clean(int count) {
        next += count;
        return clean(clean, next - count, count);
    }

    private static List<Digit> clean(NpyArray images, int from, int count) {
        List<Digit> digits = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            digits.add(new Digit(pixels(images, i % images.rows()), List.of()));
        }
        return digits;
    }

    /** Digits of which a third of the tokens is covered. */
    List<Digit> attacked() {
        return attacked;
    }

    private static byte[] pixels(NpyArray images, int row) {
        byte[] pixels = new byte[images.rowSize()];
        for (int j = 0; j < pixels.length; j++) {
            pixels[j] = (byte) Math.round(images.values()[row * pixels.length + j]);
        }
        return pixels;
    }
}
