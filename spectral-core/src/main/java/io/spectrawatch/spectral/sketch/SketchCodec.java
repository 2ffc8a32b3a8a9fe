package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.binary.Crc32c;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The binary form of a sketch, little-endian:
 *
 * <pre>
 *   0  int32  magic "SWSK"                    72  fp64   decay
 *   4  uint8  version (1, 2 with losses)      80  fp64   weight of the rows
 *   5  uint8  kind (1 EXACT, 2 FD)            88  fp64   bound on the mean's error
 *   6  uint8  requested kind (0 AUTO, 1, 2)   96  fp64   energy F
 *   7  uint8  flags: 1 sealed (fp32 state),  104  fp64   delta plus
 *             2 anchored, 4 DEFLATED         112  fp64   delta minus
 *   8  int32  dimension d                    120  fp64   shed T
 *  12  int32  sketch rows l                  128  fp64   roundoff
 *  16  int32  block rows                     136  fp64   drift (0 if EXACT)
 *  20  int32  rank r (0 if EXACT)            144  int64  probe seed
 *  24  fp64   alpha                          152  int32  probes g
 *  32  int64  exact memory bytes             156  int32  length a of the anchor's id
 *  40  int64  rows                           160  fp64   mean[d]
 *  48  int64  blocks                          ..  anchored only: UTF-8 id[a], fp64 anchor[d]
 *  56  int64  losses c (zero in version 1)    ..  fp64   probe products[g][d]
 *  64  int64  zero                            ..  EXACT: upper triangle by rows, d (d + 1) / 2 elements
 *                                             ..  FD:    fp64 squares[r], losses[c], B[r][d]
 *                                            end  int32  CRC-32C of everything before
 * </pre>
 *
 * Version 2 is FD alone. A sketch that was read from version 1 goes on in version 1, since what it
 * lost before is not known by rank. The elements of the triangle and of B are fp64, or fp32 if
 * sealed.
 */
final class SketchCodec {
    private static final int MAGIC = 0x4B535753;
    private static final byte VERSION = 1;
    private static final byte VERSION_WITH_LOSSES = 2;
    private static final byte EXACT = 1;
    private static final byte DIRECTIONS = 2;
    private static final int SEALED = 1;
    private static final int ANCHORED = 2;
    private static final int DEFLATED = 4;
    private static final int HEADER_BYTES = 160;
    private static final int CHECKSUM_BYTES = 4;
    private static final int PROBE_SEED_AT = 144;
    private static final int PROBES_AT = 152;

    /** Bytes of every binary form beyond its vectors, its state and its anchor's id. */
    static final int FIXED_BYTES = HEADER_BYTES + CHECKSUM_BYTES;

    private SketchCodec() {}

    static byte[] encode(ExactMoment sketch, boolean sealed) {
        int d = sketch.dimension;
        long triangle = (long) d * (d + 1) / 2;
        DoubleBuffer moment = sketch.state();
        Ledger ledger = sealed ? Sealing.ofTriangle(sketch, moment) : sketch.ledger();
        ByteBuffer out = header(sketch, EXACT, sealed, ledger, 0, 0, triangle, 0, 0);
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                put(out, moment.get(i * d + j), sealed);
            }
        }
        return checksummed(out);
    }

    static byte[] encode(FrequentDirections sketch, boolean sealed) {
        int r = sketch.rank;
        int count = r * sketch.dimension;
        DoubleBuffer state = sketch.state();
        Ledger ledger = sketch.ledger();
        double drift = sketch.drift;
        if (sealed) {
            ledger = Sealing.ofDirections(sketch, state);
            drift += ledger.deltaMinus() - sketch.deltaMinus;
        }
        double[] losses = sketch.knownLosses();
        ByteBuffer out =
                header(sketch, DIRECTIONS, sealed, ledger, r, drift, count, r, losses.length);
        for (int i = 0; i < r; i++) {
            out.putDouble(sketch.squares[i]);
        }
        // What sealing costs may add to every direction.
        double penalty = ledger.deltaPlus() - sketch.deltaPlus;
        for (double loss : losses) {
            out.putDouble(Math.min(loss + penalty * (1 + 4 * Roundoff.UNIT), ledger.deltaPlus()));
        }
        for (int i = 0; i < count; i++) {
            put(out, state.get(i), sealed);
        }
        return checksummed(out);
    }

    private static void put(ByteBuffer out, double value, boolean sealed) {
        if (sealed) {
            out.putFloat((float) value);
        } else {
            out.putDouble(value);
        }
    }

    private static ByteBuffer header(
            CentredSketch sketch,
            byte kind,
            boolean sealed,
            Ledger ledger,
            int rank,
            double drift,
            long elements,
            int squares,
            int losses) {
        int d = sketch.dimension;
        SketchOptions options = sketch.options;
        byte[] id =
                sketch.anchor == null
                        ? new byte[0]
                        : sketch.anchor.id().getBytes(StandardCharsets.UTF_8);
        int flags =
                (sealed ? SEALED : 0)
                        | (sketch.anchor == null ? 0 : ANCHORED)
                        | (options.precision() == Precision.DEFLATED ? DEFLATED : 0);
        long size = size(d, options.probes(), id.length, flags, squares + losses, elements);
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        byte version = losses == 0 ? VERSION : VERSION_WITH_LOSSES;
        out.putInt(MAGIC).put(version).put(kind).put(code(options.kind())).put((byte) flags);
        out.putInt(d).putInt(options.sketchRows()).putInt(options.blockRows()).putInt(rank);
        out.putDouble(options.alpha()).putLong(options.exactMemoryBytes());
        out.putLong(sketch.rows).putLong(sketch.blocks).putLong(losses).putLong(0);
        out.putDouble(options.decay()).putDouble(sketch.mean.weight).putDouble(sketch.mean.error);
        out.putDouble(ledger.energy()).putDouble(ledger.deltaPlus()).putDouble(ledger.deltaMinus());
        out.putDouble(ledger.shed()).putDouble(ledger.roundoff()).putDouble(drift);
        out.putLong(options.probeSeed()).putInt(options.probes()).putInt(id.length);
        for (int j = 0; j < d; j++) {
            out.putDouble(sketch.mean.value.get(j));
        }
        if (sketch.anchor != null) {
            out.put(id);
            for (double value : sketch.anchor.value()) {
                out.putDouble(value);
            }
        }
        for (int i = 0; i < options.probes() * d; i++) {
            out.putDouble(sketch.probes.products().get(i));
        }
        return out;
    }

    private static long size(int d, int probes, int id, int flags, int squares, long elements) {
        long doubles = d + (long) probes * d + ((flags & ANCHORED) == 0 ? 0 : d) + squares;
        int width = (flags & SEALED) == 0 ? Double.BYTES : Float.BYTES;
        return HEADER_BYTES + id + doubles * Double.BYTES + elements * width + CHECKSUM_BYTES;
    }

    private static byte[] checksummed(ByteBuffer out) {
        out.putInt(Crc32c.of(out.array(), out.position()));
        return out.array();
    }

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
        return checksummed(out);
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
        long size = sane ? size(d, probes, id, flags, rank + losses, elements) : -1;
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
        if (version != VERSION && version != VERSION_WITH_LOSSES) {
            throw new SketchFormatException(
                    "sketch bytes: known versions "
                            + VERSION
                            + " and "
                            + VERSION_WITH_LOSSES
                            + ", found "
                            + version);
        }
        long losses = in.getLong(56);
        boolean known =
                version == VERSION
                        ? losses == 0
                        : in.get(5) == DIRECTIONS && losses > 0 && losses <= in.getInt(8);
        if (!known || in.getLong(64) != 0) {
            throw new SketchFormatException(
                    "sketch bytes: no losses in version 1, 1 to d in version 2, and zero in bytes 64"
                            + " to 71 expected, found "
                            + losses
                            + " and "
                            + in.getLong(64));
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
                    (flags & DEFLATED) == 0 ? Precision.FP64 : Precision.DEFLATED);
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
        sketch.losses = losses == 0 ? null : new double[losses];
        for (int i = 0; i < losses; i++) {
            sketch.losses[i] = in.getDouble();
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

    private static byte code(SketchKind kind) {
        return switch (kind) {
            case AUTO -> 0;
            case EXACT -> EXACT;
            case FREQUENT_DIRECTIONS -> DIRECTIONS;
        };
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
