package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.binary.Crc32c;
import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The binary form of a sketch, little-endian:
 *
 * <pre>
 *   0  int32  magic "SWSK"                    72  fp64   decay
 *   4  uint8  version (1, 2, 3: below)        80  fp64   weight of the rows
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
 *  56  int64  losses c (version 2, else 0)    ..  fp64   probe products[g][d]
 *  64  fp64   rounding (version 3, else 0)    ..  EXACT: upper triangle by rows, d (d + 1) / 2 elements
 *                                             ..  FD:    fp64 squares[r], losses[c], B[r][d]
 *                                            end  int32  CRC-32C of everything before
 * </pre>
 *
 * Version 2 is FD alone. A sketch that was read from version 1 goes on in version 1, since what it
 * lost before is not known by rank. Version 3 is EXACT with fp32 products. The elements of the
 * triangle and of B are fp64, or fp32 if sealed. Written here, read by {@link SketchReader}.
 */
final class SketchCodec {
    static final int MAGIC = 0x4B535753;
    static final byte VERSION = 1;
    static final byte VERSION_WITH_LOSSES = 2;
    static final byte VERSION_WITH_ROUNDING = 3;
    static final byte EXACT = 1;
    static final byte DIRECTIONS = 2;
    static final int SEALED = 1;
    static final int ANCHORED = 2;
    static final int DEFLATED = 4;
    static final int HEADER_BYTES = 160;
    static final int CHECKSUM_BYTES = 4;
    static final int ROUNDING_AT = 64;
    static final int PROBE_SEED_AT = 144;
    static final int PROBES_AT = 152;

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
            put(out, moment, i * d + i, d - i, sealed);
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
        double[] losses = sketch.losses.known();
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
        put(out, state, 0, count, sealed);
        return checksummed(out);
    }

    private static void put(
            ByteBuffer out, DoubleBuffer values, int from, int count, boolean sealed) {
        if (sealed) {
            for (int i = from; i < from + count; i++) {
                out.putFloat((float) values.get(i));
            }
        } else {
            out.asDoubleBuffer().put(0, values, from, count);
            out.position(out.position() + count * Double.BYTES);
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
        byte plain = options.rounding() > 0 ? VERSION_WITH_ROUNDING : VERSION;
        byte version = losses == 0 ? plain : VERSION_WITH_LOSSES;
        out.putInt(MAGIC).put(version).put(kind).put(code(options.kind())).put((byte) flags);
        out.putInt(d).putInt(options.sketchRows()).putInt(options.blockRows()).putInt(rank);
        out.putDouble(options.alpha()).putLong(options.exactMemoryBytes());
        out.putLong(sketch.rows).putLong(sketch.blocks).putLong(losses);
        out.putDouble(options.rounding());
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

    static long size(int d, int probes, int id, int flags, int squares, long elements) {
        long doubles = d + (long) probes * d + ((flags & ANCHORED) == 0 ? 0 : d) + squares;
        int width = (flags & SEALED) == 0 ? Double.BYTES : Float.BYTES;
        return HEADER_BYTES + id + doubles * Double.BYTES + elements * width + CHECKSUM_BYTES;
    }

    static byte[] checksummed(ByteBuffer out) {
        out.putInt(Crc32c.of(out.array(), out.position()));
        return out.array();
    }

    private static byte code(SketchKind kind) {
        return switch (kind) {
            case AUTO -> 0;
            case EXACT -> EXACT;
            case FREQUENT_DIRECTIONS -> DIRECTIONS;
        };
    }
}
