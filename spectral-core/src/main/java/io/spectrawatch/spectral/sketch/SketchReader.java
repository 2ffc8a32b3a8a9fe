package io.spectrawatch.spectral.sketch;

import static io.spectrawatch.spectral.sketch.SketchCodec.ANCHORED;
import static io.spectrawatch.spectral.sketch.SketchCodec.CHECKSUM_BYTES;
import static io.spectrawatch.spectral.sketch.SketchCodec.DEFLATED;
import static io.spectrawatch.spectral.sketch.SketchCodec.DIRECTIONS;
import static io.spectrawatch.spectral.sketch.SketchCodec.EXACT;
import static io.spectrawatch.spectral.sketch.SketchCodec.HEADER_BYTES;
import static io.spectrawatch.spectral.sketch.SketchCodec.MAGIC;
import static io.spectrawatch.spectral.sketch.SketchCodec.PROBES_AT;
import static io.spectrawatch.spectral.sketch.SketchCodec.PROBE_SEED_AT;
import static io.spectrawatch.spectral.sketch.SketchCodec.ROUNDING_AT;
import static io.spectrawatch.spectral.sketch.SketchCodec.SEALED;
import static io.spectrawatch.spectral.sketch.SketchCodec.VERSION;
import static io.spectrawatch.spectral.sketch.SketchCodec.VERSION_WITH_LOSSES;
import static io.spectrawatch.spectral.sketch.SketchCodec.VERSION_WITH_ROUNDING;

import io.spectrawatch.spectral.binary.Crc32c;
import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the binary form that {@link SketchCodec} draws, of every version; what a form claims is
 * checked before memory is taken for it.
 */
final class SketchReader {
    private SketchReader() {}

    /** The kind, from the beginning of the bytes alone. */
    static SketchKind kind(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean begins = bytes.length >= HEADER_BYTES && in.getInt(0) == MAGIC;
        if (!begins || in.get(5) != EXACT && in.get(5) != DIRECTIONS) {
            throw new SketchFormatException(
                    "sketch bytes: the beginning of a sketch of kind 1 or 2 expected, found "
                            + bytes.length
                            + " bytes of something else");
        }
        return in.get(5) == EXACT ? SketchKind.EXACT : SketchKind.FREQUENT_DIRECTIONS;
    }

    /** The probes' number and seed, in a form that two sketches of equal probes share. */
    static List<Long> probes(byte[] bytes) {
        kind(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return List.of((long) in.getInt(PROBES_AT), in.getLong(PROBE_SEED_AT));
    }

    /** The same sketch without probes. */
    static byte[] withoutProbes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        verify(bytes, in);
        long d = in.getInt(8);
        long before = HEADER_BYTES + d * Double.BYTES;
        if ((in.get(7) & ANCHORED) != 0) {
            before += in.getInt(156) + d * Double.BYTES;
        }
        long products = in.getInt(PROBES_AT) * d * Double.BYTES;
        long after = bytes.length - CHECKSUM_BYTES - before - products;
        if (d < 0 || before < 0 || products < 0 || after < 0) {
            throw new SketchFormatException(
                    "sketch bytes: room for "
                            + in.getInt(PROBES_AT)
                            + " probes of dimension "
                            + d
                            + " expected, found "
                            + bytes.length
                            + " bytes");
        }
        ByteBuffer out =
                ByteBuffer.allocate((int) (before + after) + CHECKSUM_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes, 0, (int) before);
        out.put(bytes, (int) (before + products), (int) after);
        out.putInt(PROBES_AT, 0).putLong(PROBE_SEED_AT, 0);
        return SketchCodec.checksummed(out);
    }

    static SecondMomentSketch decode(byte[] bytes, Kernels kernels) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        verify(bytes, in);
        byte kind = in.get(5);
        int flags = in.get(7);
        if (kind != EXACT && kind != DIRECTIONS || (flags & ~(SEALED | ANCHORED | DEFLATED)) != 0) {
            throw new SketchFormatException(
                    "sketch bytes: kind 1 or 2 and flags up to 7 expected, found "
                            + kind
                            + " and "
                            + flags);
        }
        int d = in.getInt(8);
        int rank = in.getInt(20);
        int probes = in.getInt(PROBES_AT);
        int id = in.getInt(156);
        boolean anchored = (flags & ANCHORED) != 0;
        boolean sane =
                d > 0
                        && rank >= 0
                        && rank <= (kind == EXACT ? 0 : Math.min(in.getInt(12), d))
                        && probes >= 0
                        && id >= 0
                        && (anchored || id == 0);
        long elements = kind == EXACT ? (long) d * (d + 1) / 2 : (long) rank * d;
        int losses = (int) in.getLong(56);
        long size = sane ? SketchCodec.size(d, probes, id, flags, rank + losses, elements) : -1;
        if (size != bytes.length) {
            throw new SketchFormatException(
                    "sketch bytes: dimension "
                            + d
                            + ", rank "
                            + rank
                            + " and "
                            + probes
                            + " probes need "
                            + size
                            + " bytes, found "
                            + bytes.length);
        }
        SketchOptions options = readOptions(in, flags, probes);
        if (options.resolve(d)
                != (kind == EXACT ? SketchKind.EXACT : SketchKind.FREQUENT_DIRECTIONS)) {
            throw new SketchFormatException(
                    "sketch bytes: kind " + kind + " contradicts the options " + options);
        }
        double[] mean = new double[d];
        in.position(HEADER_BYTES);
        readDoubles(in, mean);
        CentredSketch sketch = create(options, d, kernels, anchored ? readAnchor(in, d, id) : null);
        try {
            sketch.mean.value.put(0, mean);
            readScalars(in, sketch);
            for (int i = 0; i < probes * d; i++) {
                sketch.probes.products().put(i, in.getDouble());
            }
            readState(in, sketch, rank, losses, (flags & SEALED) != 0);
            SketchCheck.require(sketch);
            return sketch;
        } catch (SketchFormatException e) {
            sketch.close();
            throw e;
        }
    }

    private static void readState(
            ByteBuffer in, CentredSketch sketch, int rank, int losses, boolean sealed) {
        if (sketch instanceof FrequentDirections directions) {
            readDirections(in, directions, rank, losses, sealed);
        } else {
            readTriangle(in, ((ExactMoment) sketch).state(), sketch.dimension, sealed);
        }
    }

    private static void verify(byte[] bytes, ByteBuffer in) {
        if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || in.getInt(0) != MAGIC) {
            throw new SketchFormatException(
                    "sketch bytes: not a sketch (" + bytes.length + " bytes)");
        }
        byte version = in.get(4);
        if (version < VERSION || version > VERSION_WITH_ROUNDING) {
            throw new SketchFormatException(
                    "sketch bytes: known versions "
                            + VERSION
                            + " to "
                            + VERSION_WITH_ROUNDING
                            + ", found "
                            + version);
        }
        long losses = in.getLong(56);
        boolean known =
                version == VERSION_WITH_LOSSES
                        ? in.get(5) == DIRECTIONS && losses > 0 && losses <= in.getInt(8)
                        : losses == 0;
        boolean rounds =
                version == VERSION_WITH_ROUNDING
                        ? in.get(5) == EXACT && in.getDouble(ROUNDING_AT) > 0
                        : in.getLong(ROUNDING_AT) == 0;
        if (!known || !rounds) {
            throw new SketchFormatException(
                    "sketch bytes: no losses in version 1, 1 to d in version 2, and no rounding but"
                            + " a positive one of an exact moment in version 3 expected, found "
                            + losses
                            + " and "
                            + in.getDouble(ROUNDING_AT));
        }
        if (in.get(5) == EXACT && in.getLong(136) != 0) {
            throw new SketchFormatException("sketch bytes: zero drift expected if EXACT");
        }
        int end = bytes.length - CHECKSUM_BYTES;
        if (in.getInt(end) != Crc32c.of(bytes, end)) {
            throw new SketchFormatException(
                    "sketch bytes: the checksum does not match, the bytes are damaged");
        }
    }

    private static SketchOptions readOptions(ByteBuffer in, int flags, int probes) {
        try {
            return new SketchOptions(
                    kind(in.get(6)),
                    in.getInt(12),
                    in.getInt(16),
                    in.getDouble(24),
                    in.getLong(32),
                    in.getDouble(72),
                    probes,
                    in.getLong(PROBE_SEED_AT),
                    (flags & DEFLATED) == 0 ? Precision.FP64 : Precision.DEFLATED,
                    in.getDouble(ROUNDING_AT));
        } catch (SketchFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SketchFormatException("sketch bytes: " + e.getMessage());
        }
    }

    private static Anchor readAnchor(ByteBuffer in, int d, int idLength) {
        byte[] id = new byte[idLength];
        in.get(id);
        double[] value = new double[d];
        readDoubles(in, value);
        try {
            return new Anchor(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(id)).toString(),
                    value);
        } catch (CharacterCodingException e) {
            throw new SketchFormatException("sketch bytes: the anchor's id is not UTF-8");
        } catch (IllegalArgumentException e) {
            throw new SketchFormatException("sketch bytes: " + e.getMessage());
        }
    }

    private static CentredSketch create(
            SketchOptions options, int d, Kernels kernels, Anchor anchor) {
        try {
            return Sketches.create(options, d, kernels, anchor);
        } catch (IllegalArgumentException e) {
            throw new SketchFormatException("sketch bytes: " + e.getMessage());
        }
    }

    private static void readScalars(ByteBuffer in, CentredSketch sketch) {
        sketch.rows = in.getLong(40);
        sketch.blocks = in.getLong(48);
        sketch.mean.weight = in.getDouble(80);
        sketch.mean.error = in.getDouble(88);
        sketch.energy = in.getDouble(96);
        sketch.deltaPlus = in.getDouble(104);
        sketch.deltaMinus = in.getDouble(112);
        sketch.shed = in.getDouble(120);
        sketch.roundoff = in.getDouble(128);
    }

    private static void readDirections(
            ByteBuffer in, FrequentDirections sketch, int rank, int losses, boolean sealed) {
        sketch.drift = in.getDouble(136);
        sketch.restore(rank);
        for (int i = 0; i < rank; i++) {
            sketch.squares[i] = in.getDouble();
        }
        double[] known = sketch.losses.restore(losses);
        for (int i = 0; i < losses; i++) {
            known[i] = in.getDouble();
        }
        for (int i = 0; i < rank * sketch.dimension; i++) {
            sketch.state().put(i, sealed ? in.getFloat() : in.getDouble());
        }
    }

    private static void readTriangle(ByteBuffer in, DoubleBuffer moment, int d, boolean sealed) {
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                moment.put(i * d + j, sealed ? in.getFloat() : in.getDouble());
            }
        }
    }

    private static void readDoubles(ByteBuffer in, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = in.getDouble();
        }
    }

    private static SketchKind kind(byte code) {
        return switch (code) {
            case 0 -> SketchKind.AUTO;
            case EXACT -> SketchKind.EXACT;
            case DIRECTIONS -> SketchKind.FREQUENT_DIRECTIONS;
            default ->
                    throw new SketchFormatException(
                            "sketch bytes: requested kind 0 to 2 expected, found " + code);
        };
    }
}
