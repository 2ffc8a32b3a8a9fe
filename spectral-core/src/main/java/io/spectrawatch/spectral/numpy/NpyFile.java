package io.spectrawatch.spectral.numpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads NumPy arrays: {@code .npy} files of versions 1 to 3, and {@code .npz} archives of one.
 *
 * <pre>
 *   "\x93NUMPY" | major | minor | header length (2 bytes, from version 2 on 4) | header
 *   header: {'descr': '&lt;f4', 'fortran_order': False, 'shape': (8000, 28, 28), }
 * </pre>
 *
 * <p>Element types f2, f4, f8, u1, i1, u2, i2, i4, i8 in little-endian order; integers are taken as
 * they are, without scaling, and refused where fp32 cannot hold them.
 */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

    private static final Pattern STRUCTURED = Pattern.compile("'descr'\\s*:\\s*\\[");
    private static final String POINTER = "version https://git-lfs";

    private static final Set<String> KINDS =
            Set.of("f2", "f4", "f8", "u1", "i1", "u2", "i2", "i4", "i8");

    /**
     * Arrays of activations or images shrink a few times, those of mostly zeros more; what inflates
     * further than this was made to fill the memory.
     */
    private static final long MOST_INFLATION = 64;

    private static final long LEAST_INFLATED = 1 << 16;
    private static final long MOST_INFLATED = Integer.MAX_VALUE - 64;

    private NpyFile() {}

    /**
     * Reads a file, a pipe too.
     *
     * @throws IOException if it cannot be read or is no array of this kind; the message names it
     */
    public static NpyArray read(Path file) throws IOException {
        byte[] bytes = readAll(file);
        boolean archive = bytes.length > 2 && bytes[0] == 'P' && bytes[1] == 'K';
        String source = file.toString();
        if (archive) {
            long most = LEAST_INFLATED + MOST_INFLATION * bytes.length;
            bytes = NpzArchive.only(bytes, (int) Math.min(most, MOST_INFLATED), source);
        }
        return parse(bytes, source);
    }

    private static byte[] readAll(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": a NumPy array expected, found a folder");
        }
        if (Files.isRegularFile(file) && Files.size(file) > MOST_INFLATED) {
            throw new IOException(
                    file
                            + ": at most "
                            + MOST_INFLATED
                            + " bytes (2 GiB) expected, found "
                            + Files.size(file)
                            + "; save fewer rows per file");
        }
        return Files.readAllBytes(file);
    }

    /**
     * Reads the content of a {@code .npy} file.
     *
     * @param source of the bytes, for errors
     * @throws IOException if it is no array of this kind
     */
    public static NpyArray parse(byte[] bytes, String source) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (byte expected : MAGIC) {
            if (in.remaining() == 0 || in.get() != expected) {
                throw new IOException(
                        source + ": a NumPy array expected, found " + somethingElse(bytes));
            }
        }
        if (in.remaining() < 6) {
            throw new IOException(source + ": the header is cut off");
        }
        int major = in.get();
        in.get();
        if (major < 1 || major > 3) {
            throw new IOException(source + ": NumPy format 1 to 3 expected, found " + major);
        }
        int length = major == 1 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IOException(source + ": the header is cut off");
        }
        byte[] text = new byte[length];
        in.get(text);
        String header = new String(text, StandardCharsets.UTF_8);
        if (STRUCTURED.matcher(header).find()) {
            throw new IOException(
                    source
                            + ": numbers of one type expected, found a structured type; save one of"
                            + " its fields, such as x['name']");
        }
        if (field(ORDER, header, source).equals("True")) {
            throw new IOException(
                    source
                            + ": C order expected, found Fortran order; save"
                            + " np.ascontiguousarray(x)");
        }
        int[] shape = shape(field(SHAPE, header, source), source);
        return new NpyArray(shape, values(in, field(DESCR, header, source), shape, source));
    }

    private static String somethingElse(byte[] bytes) {
        if (bytes.length == 0) {
            return "an empty file";
        }
        String start =
                new String(
                        bytes,
                        0,
                        Math.min(POINTER.length(), bytes.length),
                        StandardCharsets.ISO_8859_1);
        return start.equals(POINTER)
                ? "a Git LFS pointer; git lfs pull fetches the file it stands for"
                : "something else; save it with np.save";
    }

    private static String field(Pattern pattern, String header, String source) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException(source + ": unreadable header " + header.strip());
        }
        return matcher.group(1);
    }

    private static int[] shape(String text, String source) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        for (String size : text.split(",")) {
            if (!size.isBlank()) {
                try {
                    sizes.add(Integer.parseUnsignedInt(size.strip()));
                } catch (NumberFormatException e) {
                    throw new IOException(source + ": unreadable shape (" + text + ")", e);
                }
            }
        }
        if (sizes.isEmpty()) {
            throw new IOException(source + ": rows expected, found a single number");
        }
        long elements = 1;
        for (int i = sizes.size() - 1; i >= 0; i--) {
            int size = sizes.get(i);
            // A dimension of 0 makes the whole product 0, but a row must be countable all the same.
            elements *= i > 0 ? Math.max(size, 1) : size;
            if (size < 0 || elements > Integer.MAX_VALUE) {
                throw new IOException(
                        source
                                + ": at most "
                                + Integer.MAX_VALUE
                                + " elements expected, found shape ("
                                + text
                                + ")");
            }
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] values(ByteBuffer in, String type, int[] shape, String source)
            throws IOException {
        long count = 1;
        for (int size : shape) {
            count *= size;
        }
        String kind = type.isEmpty() ? type : type.substring(1);
        if (!KINDS.contains(kind) || "<|=".indexOf(type.charAt(0)) < 0) {
            throw new IOException(
                    source
                            + ": little-endian f2, f4, f8, u1, i1, u2, i2, i4 or i8 expected, found '"
                            + type
                            + "'; save x.astype('<f4')");
        }
        int width = kind.charAt(1) - '0';
        if (count * width != in.remaining()) {
            throw new IOException(
                    source
                            + ": "
                            + count * width
                            + " bytes of values expected, found "
                            + in.remaining());
        }
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(in, kind, source, i);
        }
        return values;
    }

    private static float value(ByteBuffer in, String kind, String source, int at)
            throws IOException {
        return switch (kind) {
            case "f2" -> half(in.getShort());
            case "f4" -> in.getFloat();
            case "f8" -> narrowed(in.getDouble(), source, at);
            case "u1" -> Byte.toUnsignedInt(in.get());
            case "i1" -> in.get();
            case "u2" -> Short.toUnsignedInt(in.getShort());
            case "i2" -> in.getShort();
            case "i4" -> exact(in.getInt(), source, at);
            default -> exact(in.getLong(), source, at);
        };
    }

    private static float narrowed(double value, String source, int at) throws IOException {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw new IOException(
                    source
                            + ": values within fp32 expected, found "
                            + value
                            + " at element "
                            + at
                            + "; scale them");
        }
        return narrow;
    }

    /** A token or a class must not become its neighbour. */
    private static float exact(long value, String source, int at) throws IOException {
        float rounded = value;
        if ((long) rounded != value || value == Long.MAX_VALUE) {
            throw new IOException(
                    source
                            + ": whole numbers that fp32 holds exactly expected, such as those up"
                            + " to 16777216, found "
                            + value
                            + " at element "
                            + at
                            + "; save x.astype('<f4') if they may be rounded");
        }
        return rounded;
    }

    /** Converts IEEE 754 binary16; every value is exact in fp32. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        float size =
                switch (exponent) {
                    case 0 -> mantissa * 0x1p-24f;
                    case 31 -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> (mantissa | 0x400) * (float) Math.scalb(1.0, exponent - 25);
                };
        return bits < 0 ? -size : size;
    }
}
