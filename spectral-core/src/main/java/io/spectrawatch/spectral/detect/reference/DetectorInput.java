package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the bytes of a detector, or of what is kept beside it, and holds every part to the parts
 * before it: sizes to the taps' widths, indices to their ranges, numbers to being finite. No more
 * memory is taken than the bytes that are left can fill, whatever they claim.
 */
public final class DetectorInput extends DataInputStream {

    private List<Tap> taps = List.of();
    private int layers;
    private int classes;
    private LayerModel[] models = {};
    private Object[] evidence = {};

    public DetectorInput(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
    }

    /** Says what the scores that follow refer to. */
    public void context(List<Tap> detectorTaps, int detectorClasses, LayerModel[] layerModels) {
        this.taps = detectorTaps;
        this.layers = Tap.ofRows(detectorTaps).size();
        this.classes = detectorClasses;
        this.models = layerModels;
        this.evidence = new Object[detectorTaps.size()];
    }

    /** Classes told apart, 1 if they are pooled. */
    public int classes() {
        return classes;
    }

    /** Taps that have all rows of a sample; they stand before the others. */
    public int layers() {
        return layers;
    }

    /** Reads the index of a tap that has all rows of a sample. */
    public int tap() throws IOException {
        return integer("tap", 0, layers - 1);
    }

    /** Reads the index of a tap that may have one row per sample. */
    public int anyTap() throws IOException {
        return integer("tap", 0, taps.size() - 1);
    }

    /** The model of a tap whose window a score needs. */
    public LayerModel model(int tap) throws IOException {
        if (models[tap] == null) {
            throw new IOException("tap " + tap + " has no layer model");
        }
        return models[tap];
    }

    /** Keeps what a score has read for a tap for the scores that follow. */
    public void keep(int tap, Object shared) {
        evidence[tap] = shared;
    }

    /** What a score before has read for a tap. */
    public <T> T kept(int tap, Class<T> type) throws IOException {
        if (!type.isInstance(evidence[tap])) {
            throw new IOException("tap " + tap + " has no " + type.getSimpleName());
        }
        return type.cast(evidence[tap]);
    }

    /** Reads the name a score keeps of its tap. */
    public String tapName(int tap) throws IOException {
        String name = text();
        if (!name.equals(taps.get(tap).name())) {
            throw new IOException(
                    "tap " + tap + " is '" + taps.get(tap).name() + "', found '" + name + "'");
        }
        return name;
    }

    /** Columns of a tap's coordinates as scores see them. */
    public int width(int tap) {
        return models[tap] == null
                ? Projector.contrasts(taps.get(tap).dimension())
                : models[tap].window().coordinates();
    }

    /** Columns of a tap. */
    public int columns(int tap) {
        return taps.get(tap).dimension();
    }

    /** Columns of the tap with a role. */
    public int dimension(TapRole role) throws IOException {
        for (Tap tap : taps) {
            if (tap.role() == role) {
                return tap.dimension();
            }
        }
        throw new IOException("a score needs a tap with the role " + role + ", there is none");
    }

    /** A tap, by an index read before. */
    public Tap tapAt(int tap) {
        return taps.get(tap);
    }

    public int integer(String what, int least, int most) throws IOException {
        int value = readInt();
        if (value < least || value > most) {
            throw new IOException(
                    what + " from " + least + " to " + most + " expected, found " + value);
        }
        return value;
    }

    /** Refuses bytes that follow what was read. */
    public void end() throws IOException {
        if (available() > 0) {
            throw new IOException("no bytes after the end expected, found " + available());
        }
    }

    /** Reads how many entries of at least {@code entryBytes} each follow. */
    public int count(String what, int least, int entryBytes) throws IOException {
        return integer(what, least, Math.max(least, available() / entryBytes));
    }

    public boolean flag() throws IOException {
        int value = readUnsignedByte();
        if (value > 1) {
            throw new IOException("a flag of 0 or 1 expected, found " + value);
        }
        return value == 1;
    }

    public double finite(String what) throws IOException {
        double value = readDouble();
        if (!Double.isFinite(value)) {
            throw new IOException("finite " + what + " expected, found " + value);
        }
        return value;
    }

    /** Reads text in the only form {@code writeUTF} gives it. */
    public String text() throws IOException {
        int before = available();
        String text = readUTF();
        int bytes = Short.BYTES;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c > 0x7FF ? 3 : c > 0x7F || c == 0 ? 2 : 1;
        }
        if (bytes != before - available()) {
            throw new IOException("text in its shortest form expected");
        }
        return text;
    }

    public Matrix matrix(String what, int rows, int columns) throws IOException {
        Matrix matrix = matrix(what, columns);
        if (matrix.rows() != rows) {
            throw new IOException(what + ": " + rows + " rows expected, found " + matrix.rows());
        }
        return matrix;
    }

    /** Reads a matrix of at least one row. */
    public Matrix matrix(String what, int columns) throws IOException {
        int rows = readInt();
        int found = readInt();
        if (rows < 1 || found != columns || (long) rows * columns > available() / Double.BYTES) {
            throw new IOException(
                    what
                            + ": rows of "
                            + columns
                            + " columns within "
                            + available()
                            + " bytes expected, found "
                            + rows
                            + " x "
                            + found);
        }
        Matrix matrix = new Matrix(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data().put(i, finite(what));
        }
        return matrix;
    }

    public double[] vector(String what, int length) throws IOException {
        return length == 0 ? empty(what) : matrix(what, 1, length).toArray();
    }

    private double[] empty(String what) throws IOException {
        integer(what + " rows", 1, 1);
        integer(what + " columns", 0, 0);
        return new double[0];
    }

    /** Reads a vector of any length whose elements do not descend. */
    public double[] ascending(String what, int least) throws IOException {
        integer(what + " rows", 1, 1);
        double[] values = new double[count(what, least, Double.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = finite(what);
            if (i > 0 && values[i] < values[i - 1]) {
                throw new IOException(what + ": ascending values expected");
            }
        }
        return values;
    }

    public <T> T named(String what, T[] all, java.util.function.Function<T, String> name)
            throws IOException {
        String found = text();
        return Arrays.stream(all)
                .filter(value -> name.apply(value).equals(found))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + what + " named '" + found + "'"));
    }
}
