package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.zip.CRC32C;

/**
 * The binary form of a sketch, little-endian:
 *
 * <pre>
 *   0  int32  magic "SWSK"           72  fp64   weight of the rows
 *   4  uint8  version (1)            80  fp64   bound on the mean's error
 *   5  uint8  kind (1 EXACT, 2 FD)   88  fp64   energy F
 *   6  uint8  requested kind (0 AUTO, 1, 2)
 *   7  uint8  zero                   96  fp64   delta plus
 *   8  int32  dimension d           104  fp64   delta minus
 *  12  int32  sketch rows l         112  fp64   shed T
 *  16  int32  block rows            120  fp64   roundoff
 *  20  int32  rank r (0 if EXACT)   128  fp64   drift (0 if EXACT)
 *  24  fp64   alpha                 136  fp64   mean[d]
 *  32  int64  exact memory bytes     ..  EXACT: fp64 upper triangle by rows, d (d + 1) / 2
 *  40  int64  rows                   ..  FD:    fp64 squares[r], fp64 B[r][d]
 *  48  int64  blocks                end  int32  CRC-32C of everything before
 *  56  int64  zero
 *  64  int64  zero
 * </pre>
 */
final class SketchCodec {
    private static final int MAGIC = 0x4B535753;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 136;
    private static final int CHECKSUM_BYTES = 4;

    private SketchCodec() {}

    static byte[] encode(ExactMoment sketch) {
        int d = sketch.dimension;
        ByteBuffer out = header(sketch, (byte) 1, 0, 0, (long) d * (d + 1) / 2);
        DoubleBuffer moment = sketch.state();
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                out.putDouble(moment.get(i * d + j));
            }
        }
        return checksummed(out);
    }

    static byte[] encode(FrequentDirections sketch) {
        int r = sketch.rank;
        int d = sketch.dimension;
        ByteBuffer out = header(sketch, (byte) 2, r, sketch.drift, r + (long) r * d);
        for (int i = 0; i < r; i++) {
            out.putDouble(sketch.squares[i]);
        }
        out.asDoubleBuffer().put(0, sketch.state(), 0, r * d);
        out.position(out.position() + r * d * Double.BYTES);
        return checksummed(out);
    }

    private static ByteBuffer header(
            CentredSketch sketch, byte kind, int rank, double drift, long stateDoubles) {
        int d = sketch.dimension;
        long size = HEADER_BYTES + (d + stateDoubles) * Double.BYTES + CHECKSUM_BYTES;
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put(VERSION).put(kind).put(code(sketch.options.kind())).put((byte) 0);
        out.putInt(d)
                .putInt(sketch.options.sketchRows())
                .putInt(sketch.options.blockRows())
                .putInt(rank);
        out.putDouble(sketch.options.alpha()).putLong(sketch.options.exactMemoryBytes());
        out.putLong(sketch.rows).putLong(sketch.blocks).putLong(0).putLong(0);
        out.putDouble(sketch.mean.weight).putDouble(sketch.mean.error).putDouble(sketch.energy);
        out.putDouble(sketch.deltaPlus).putDouble(sketch.deltaMinus).putDouble(sketch.shed);
        out.putDouble(sketch.roundoff).putDouble(drift);
        for (int j = 0; j < d; j++) {
            out.putDouble(sketch.mean.value.get(j));
        }
        return out;
    }

    private static byte[] checksummed(ByteBuffer out) {
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        out.putInt((int) crc.getValue());
        return out.array();
    }

    static SecondMomentSketch decode(byte[] bytes, Kernels kernels) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || in.getInt() != MAGIC) {
            throw new SketchFormatException(
                    "sketch bytes: not a sketch (" + bytes.length + " bytes)");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new SketchFormatException(
                    "sketch bytes: known version " + VERSION + ", found " + version);
        }
        verifyChecksum(bytes);
        byte kind = in.get();
        SketchKind requested = kind(in.get());
        in.get();
        int d = in.getInt();
        int l = in.getInt();
        int blockRows = in.getInt();
        int rank = in.getInt();
        SketchOptions options =
                new SketchOptions(requested, l, blockRows, in.getDouble(), in.getLong());
        long state =
                switch (kind) {
                    case 1 -> (long) d * (d + 1) / 2;
                    case 2 -> rank + (long) rank * d;
                    default ->
                            throw new SketchFormatException(
                                    "sketch bytes: kind 1 or 2 expected, found " + kind);
                };
        long size = HEADER_BYTES + (d + state) * Double.BYTES + CHECKSUM_BYTES;
        if (d < 1 || rank < 0 || rank > l || size != bytes.length) {
            throw new SketchFormatException(
                    "sketch bytes: dimension "
                            + d
                            + " and rank "
                            + rank
                            + " need "
                            + size
                            + " bytes, found "
                            + bytes.length);
        }
        if (kind == 1) {
            return readExact(in, new ExactMoment(options, d, kernels));
        }
        return readDirections(in, new FrequentDirections(options, d, kernels), rank);
    }

    private static SecondMomentSketch readExact(ByteBuffer in, ExactMoment sketch) {
        readShared(in, sketch);
        int d = sketch.dimension;
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                sketch.state().put(i * d + j, in.getDouble());
            }
        }
        return sketch;
    }

    private static SecondMomentSketch readDirections(
            ByteBuffer in, FrequentDirections sketch, int rank) {
        sketch.drift = readShared(in, sketch);
        sketch.rank = rank;
        for (int i = 0; i < rank; i++) {
            sketch.squares[i] = in.getDouble();
        }
        int count = rank * sketch.dimension;
        sketch.state().put(0, in.slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer(), 0, count);
        return sketch;
    }

    private static double readShared(ByteBuffer in, CentredSketch sketch) {
        sketch.rows = in.getLong();
        sketch.blocks = in.getLong();
        in.getLong();
        in.getLong();
        sketch.mean.weight = in.getDouble();
        sketch.mean.error = in.getDouble();
        sketch.energy = in.getDouble();
        sketch.deltaPlus = in.getDouble();
        sketch.deltaMinus = in.getDouble();
        sketch.shed = in.getDouble();
        sketch.roundoff = in.getDouble();
        double drift = in.getDouble();
        for (int j = 0; j < sketch.dimension; j++) {
            sketch.mean.value.put(j, in.getDouble());
        }
        return drift;
    }

    private static void verifyChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
        int stored =
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(bytes.length - CHECKSUM_BYTES);
        if (stored != (int) crc.getValue()) {
            throw new SketchFormatException(
                    "sketch bytes: the checksum does not match, the bytes are damaged");
        }
    }

    private static byte code(SketchKind kind) {
        return switch (kind) {
            case AUTO -> 0;
            case EXACT -> 1;
            case FREQUENT_DIRECTIONS -> 2;
        };
    }

    private static SketchKind kind(byte code) {
        return switch (code) {
            case 0 -> SketchKind.AUTO;
            case 1 -> SketchKind.EXACT;
            case 2 -> SketchKind.FREQUENT_DIRECTIONS;
            default ->
                    throw new SketchFormatException(
                            "sketch bytes: requested kind 0 to 2 expected, found " + code);
        };
    }
}
