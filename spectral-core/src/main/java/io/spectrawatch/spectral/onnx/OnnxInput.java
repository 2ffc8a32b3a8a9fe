package io.spectrawatch.spectral.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One input of a model: which arrays of rows fit it, and how rows become its tensor.
 *
 * <p>An array fits with the input's own shape, with sizes of 1 more or less, or with flat rows (n,
 * values). Anything else is refused: the same number of values in another order, such as channels
 * last, would give wrong numbers without a word.
 */
public final class OnnxInput {
    /** What is near in these is alike; whole numbers of 32 and 64 bits are ids of tokens. */
    private static final Set<OnnxJavaType> AMOUNTS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            OnnxJavaType.FLOAT,
                            OnnxJavaType.DOUBLE,
                            OnnxJavaType.FLOAT16,
                            OnnxJavaType.UINT8,
                            OnnxJavaType.INT8));

    private final String name;
    private final OnnxJavaType type;
    private final long[] shape;

    private OnnxInput(String name, OnnxJavaType type, long[] shape) {
        this.name = name;
        this.type = type;
        this.shape = shape;
    }

    /**
     * Looks at an input.
     *
     * @throws IllegalArgumentException if it is no tensor, or one without a batch
     */
    public static OnnxInput of(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo info)) {
            throw new IllegalArgumentException(
                    "model input '"
                            + node.getName()
                            + "': a tensor expected, found "
                            + node.getInfo());
        }
        if (info.getShape().length == 0) {
            throw new IllegalArgumentException(
                    "model input '"
                            + node.getName()
                            + "': a first dimension that counts samples expected, found a single"
                            + " number");
        }
        return new OnnxInput(node.getName(), info.type, info.getShape().clone());
    }

    /**
     * Makes sure that rows of the input can be looked at like those of a layer.
     *
     * @throws IllegalArgumentException if its values are no amounts: ids, texts, flags
     */
    public void requireAmounts() {
        if (!AMOUNTS.contains(type)) {
            throw new IllegalArgumentException(
                    "model input '"
                            + name
                            + "': an input that is tapped must hold "
                            + AMOUNTS
                            + ", found "
                            + type
                            + ", which names tokens or categories and measures nothing; tap the"
                            + " layer that embeds them instead");
        }
    }

    /** Returns values as the model sees them: rounded where the input is narrower than fp32. */
    public float[] seen(float[] values) {
        if (type != OnnxJavaType.FLOAT16) {
            return values;
        }
        float[] seen = new float[values.length];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = Fp16Conversions.fp16ToFloat(Fp16Conversions.floatToFp16(values[i]));
        }
        return seen;
    }

    /** Returns the samples every call must have, 0 where any number may. */
    public int fixedBatch() {
        return shape[0] > 0 ? Math.toIntExact(shape[0]) : 0;
    }

    /**
     * Returns the shape of the tensor that an array's rows become, one row; the first size is the
     * caller's to set.
     *
     * @param array sizes of the array, the first counts the rows
     * @param source what the rows are, for errors
     * @throws IllegalArgumentException if they do not fit
     */
    public long[] fit(long[] array, String source) {
        long[] row = Arrays.copyOfRange(array, 1, array.length);
        long[] wanted = Arrays.copyOfRange(shape, 1, shape.length);
        long[] found = same(row, wanted);
        if (found == null) {
            found = withoutOnes(row, wanted);
        }
        if (found == null && row.length <= 1) {
            found = flat(row.length == 0 ? 1 : row[0], wanted);
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    source
                            + ": rows for the model's input '"
                            + name
                            + "' "
                            + Arrays.toString(shape)
                            + " expected, found shape "
                            + Arrays.toString(array)
                            + hint(row, wanted));
        }
        long[] fitted = new long[shape.length];
        fitted[0] = 1;
        System.arraycopy(found, 0, fitted, 1, found.length);
        return fitted;
    }

    private static long[] same(long[] row, long[] wanted) {
        if (row.length != wanted.length) {
            return null;
        }
        for (int i = 0; i < row.length; i++) {
            if (wanted[i] >= 0 && wanted[i] != row[i]) {
                return null;
            }
        }
        return row;
    }

    /** Sizes that are not 1 must stand in the same order; an open size is never made up. */
    private static long[] withoutOnes(long[] row, long[] wanted) {
        long[] left = Arrays.stream(row).filter(size -> size != 1).toArray();
        long[] open = Arrays.stream(wanted).filter(size -> size != 1).toArray();
        long[] kept = same(left, open);
        if (kept == null) {
            return null;
        }
        long[] fitted = wanted.clone();
        int at = 0;
        for (int i = 0; i < fitted.length; i++) {
            fitted[i] = wanted[i] == 1 ? 1 : kept[at++];
        }
        return fitted;
    }

    /** Flat rows are taken in the input's order; one open size follows from the others. */
    private static long[] flat(long size, long[] wanted) {
        long fixed = 1;
        int open = -1;
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] >= 0) {
                fixed *= wanted[i];
            } else if (open >= 0) {
                return null;
            } else {
                open = i;
            }
        }
        if (open < 0 ? fixed != size : fixed == 0 || size % fixed != 0) {
            return null;
        }
        long[] fitted = wanted.clone();
        if (open >= 0) {
            fitted[open] = size / fixed;
        }
        return fitted;
    }

    private static String hint(long[] row, long[] wanted) {
        int rank = row.length;
        if (rank == wanted.length && rank > 1) {
            long[] first = new long[rank];
            first[0] = row[rank - 1];
            System.arraycopy(row, 0, first, 1, rank - 1);
            if (same(first, wanted) != null) {
                return "; the channels stand last: np.moveaxis(x, -1, 1) puts them first";
            }
        }
        if (rank > 1 && wanted.length == 1) {
            return "; only flat rows and sizes of 1 are regrouped: x.reshape(len(x), -1) flattens"
                    + " them, in the order the model was trained on";
        }
        return "";
    }

    /**
     * Returns rows as the input's tensor; the places beyond {@code count} repeat the first row.
     *
     * @param values all rows, row-major
     * @param from first row
     * @param count rows
     * @param batch places, at least as many; what {@link #fixedBatch} says where a size is fixed
     * @param fitted what {@link #fit} returned
     * @param source what the rows are, for errors
     * @throws IllegalArgumentException if the input takes whole numbers and a value is none, or
     *     values of a type that rows are not turned into
     */
    public OnnxTensor tensor(
            OrtEnvironment environment,
            float[] values,
            int from,
            int count,
            int batch,
            long[] fitted,
            String source)
            throws OrtException {
        int size = 1;
        for (int i = 1; i < fitted.length; i++) {
            size = Math.multiplyExact(size, Math.toIntExact(fitted[i]));
        }
        long[] sizes = fitted.clone();
        sizes[0] = batch;
        float[] rows = new float[Math.multiplyExact(batch, size)];
        System.arraycopy(values, from * size, rows, 0, count * size);
        for (int i = count; i < batch; i++) {
            System.arraycopy(rows, 0, rows, i * size, size);
        }
        return typed(environment, rows, sizes, source + ", rows from " + from);
    }

    private OnnxTensor typed(OrtEnvironment environment, float[] rows, long[] sizes, String source)
            throws OrtException {
        int n = rows.length;
        switch (type) {
            case FLOAT:
                return OnnxTensor.createTensor(environment, FloatBuffer.wrap(rows), sizes);
            case DOUBLE:
                double[] wide = new double[n];
                for (int i = 0; i < n; i++) {
                    wide[i] = rows[i];
                }
                return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(wide), sizes);
            case FLOAT16:
                ByteBuffer halves = ByteBuffer.allocateDirect(n * Short.BYTES);
                ShortBuffer half = halves.order(java.nio.ByteOrder.nativeOrder()).asShortBuffer();
                for (float value : rows) {
                    half.put(Fp16Conversions.floatToFp16(value));
                }
                return OnnxTensor.createTensor(environment, halves, sizes, OnnxJavaType.FLOAT16);
            case INT64:
                long[] longs = whole(rows, Long.MIN_VALUE, Long.MAX_VALUE, source);
                return OnnxTensor.createTensor(environment, LongBuffer.wrap(longs), sizes);
            case INT32:
                long[] ints = whole(rows, Integer.MIN_VALUE, Integer.MAX_VALUE, source);
                int[] narrow = Arrays.stream(ints).mapToInt(value -> (int) value).toArray();
                return OnnxTensor.createTensor(environment, IntBuffer.wrap(narrow), sizes);
            case UINT8:
                return bytes(environment, whole(rows, 0, 255, source), sizes);
            case INT8:
                return bytes(environment, whole(rows, -128, 127, source), sizes);
            case BOOL:
                return bytes(environment, whole(rows, 0, 1, source), sizes);
            default:
                throw new IllegalArgumentException(
                        "model input '"
                                + name
                                + "': FLOAT, DOUBLE, FLOAT16, INT64, INT32, INT8, UINT8 or BOOL"
                                + " expected, found "
                                + type);
        }
    }

    private OnnxTensor bytes(OrtEnvironment environment, long[] values, long[] sizes)
            throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
        for (long value : values) {
            bytes.put((byte) value);
        }
        return OnnxTensor.createTensor(environment, bytes.flip(), sizes, type);
    }

    private long[] whole(float[] rows, long least, long most, String source) {
        long[] out = new long[rows.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) rows[i];
            if (out[i] != rows[i] || out[i] < least || out[i] > most) {
                throw new IllegalArgumentException(
                        source
                                + ": whole numbers from "
                                + least
                                + " to "
                                + most
                                + " expected for the model's input '"
                                + name
                                + "' of "
                                + type
                                + ", found "
                                + rows[i]);
            }
        }
        return out;
    }
}
