package io.spectrawatch.ingest.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of numbers from NumPy's {@code .npy} format, float32 or float64 in C order.
 *
 * <pre>
 * 93 'N' 'U' 'M' 'P' 'Y' | major | minor | header length LE, 2 bytes (major 1) or 4 | header | data
 * </pre>
 *
 * The header is a Python dictionary: {@code {'descr': '<f4', 'fortran_order': False, 'shape': (3,
 * 4), }}.
 *
 * @param shape sizes
 * @param values elements, row-major; float64 is rounded to float32, which is what models take
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy,
 *     numpy.lib.format</a>
 */
public record NpyArray(long[] shape, float[] values) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_END = MAGIC.length + 2;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(\\w+)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

    /** Checks that the shape accounts for every element. */
    public NpyArray {
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new CaptureException(
                        "shape " + Arrays.toString(shape) + " must have sizes from 0");
            }
            elements = Math.multiplyExact(elements, size);
        }
        if (elements != values.length) {
            throw new CaptureException(
                    "shape "
                            + Arrays.toString(shape)
                            + " has "
                            + elements
                            + " elements, found "
                            + values.length);
        }
    }

    /**
     * Reads the content of a file.
     *
     * @param name of the file, for errors
     * @throws CaptureException if it is no .npy file, or one of another element type or order
     */
    public static NpyArray parse(String name, byte[] file) {
        if (file.length < VERSION_END
                || !Arrays.equals(MAGIC, 0, MAGIC.length, file, 0, MAGIC.length)) {
            throw new CaptureException(
                    name + " is no .npy file: it does not start with \\x93NUMPY");
        }
        int major = file[MAGIC.length];
        if (major < 1 || major > 3) {
            throw new CaptureException(
                    name + ": expected .npy version 1 to 3, found version " + major);
        }
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(VERSION_END);
        int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
        if (in.remaining() < lengthBytes) {
            throw cutShort(name, file);
        }
        int length = major == 1 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw cutShort(name, file);
        }
        byte[] header = new byte[length];
        in.get(header);
        return read(name, new String(header, StandardCharsets.UTF_8), in);
    }

    private static NpyArray read(String name, String header, ByteBuffer data) {
        if (!find(ORDER, name, header).equals("False")) {
            throw new CaptureException(
                    name + ": expected C order, found Fortran order; save np.ascontiguousarray(x)");
        }
        String type = find(TYPE, name, header);
        int size =
                switch (type) {
                    case "<f4" -> Float.BYTES;
                    case "<f8" -> Double.BYTES;
                    default ->
                            throw new CaptureException(
                                    name
                                            + ": expected element type '<f4' or '<f8', found '"
                                            + type
                                            + "'");
                };
        long[] shape = shape(name, find(SHAPE, name, header));
        long expected = size;
        try {
            for (long dimension : shape) {
                expected = Math.multiplyExact(expected, dimension);
            }
        } catch (ArithmeticException e) {
            throw new CaptureException(
                    name + ": shape " + Arrays.toString(shape) + " is too large", e);
        }
        if (expected != data.remaining()) {
            throw new CaptureException(
                    name
                            + ": shape "
                            + Arrays.toString(shape)
                            + " needs "
                            + expected
                            + " bytes, found "
                            + data.remaining());
        }
        float[] values = new float[data.remaining() / size];
        for (int i = 0; i < values.length; i++) {
            values[i] = size == Float.BYTES ? data.getFloat() : (float) data.getDouble();
        }
        return new NpyArray(shape, values);
    }

    private static long[] shape(String name, String text) {
        try {
            return Arrays.stream(text.split(","))
                    .map(String::trim)
                    .filter(size -> !size.isEmpty())
                    .mapToLong(Long::parseUnsignedLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new CaptureException(name + ": shape (" + text + ") is not made of numbers", e);
        }
    }

    private static String find(Pattern pattern, String name, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new CaptureException(
                    name + ": the header lacks " + pattern + ", found " + header.trim());
        }
        return matcher.group(1);
    }

    private static CaptureException cutShort(String name, byte[] file) {
        return new CaptureException(
                name + ": the header is longer than the file's " + file.length + " bytes");
    }
}
