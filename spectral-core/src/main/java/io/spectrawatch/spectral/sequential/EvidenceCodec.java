package io.spectrawatch.spectral.sequential;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteOrder;

/**
 * The binary form of a sequential test, little-endian:
 *
 * <pre>
 *   0  int32  magic "SWEP"              16  int64  steps
 *   4  uint8  version (1)               24  fp64   tolerance
 *   5  uint8  horizon (1 ANYTIME,       32  fp64   alpha
 *             2 RUN_LENGTH)             40  fp64   weight
 *   6  uint8  alarmed (0 or 1)          48  fp64   log wealth[bets]
 *   7  uint8  bets                     end  int32  CRC-32C of everything before
 *   8  int32  epoch
 *  12  int32  zero
 * </pre>
 */
final class EvidenceCodec {
    private static final int MAGIC = 0x50455753;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 48;

    /** Up to here a count of steps is exact in fp64; at one a microsecond that is 285 years. */
    private static final long MOST_STEPS = 1L << 53;

    private EvidenceCodec() {}

    static byte[] encode(Evidence evidence) {
        EvidenceOptions options = evidence.options();
        int bets = options.bets();
        int size = HEADER_BYTES + bets * Double.BYTES + Integer.BYTES;
        ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN, size).int32(MAGIC).int8(VERSION);
        out.int8(options.horizon().code()).flag(evidence.alarmed()).int8(bets);
        out.int32(evidence.epoch()).int32(0).int64(evidence.steps());
        out.fp64(options.tolerance()).fp64(options.alpha()).fp64(options.weight());
        for (int k = 0; k < bets; k++) {
            out.fp64(evidence.logWealth(k));
        }
        return out.toCheckedBytes();
    }

    static Evidence decode(byte[] bytes) {
        ByteReader in =
                new ByteReader(
                        bytes,
                        ByteOrder.LITTLE_ENDIAN,
                        "evidence bytes",
                        EvidenceFormatException::new);
        in.magic(MAGIC, "sequential test");
        in.version(in.int8(), VERSION).checked();
        Horizon horizon = Horizon.of((byte) in.int8());
        boolean alarmed = in.flag();
        int bets = in.int8();
        int epoch = in.int32("an epoch", 1, Integer.MAX_VALUE);
        in.int32("zero", 0, 0);
        long steps = in.int64();
        if (steps < 0 || steps > MOST_STEPS) {
            throw in.bad("0 to " + MOST_STEPS + " steps", steps);
        }
        EvidenceOptions options = options(in, horizon, bets);
        Evidence evidence = new Evidence(options, epoch, steps, alarmed, wealth(in, bets, steps));
        in.end();
        requireConsistent(evidence);
        return evidence;
    }

    /** A test has alarmed exactly if its evidence has crossed the threshold. */
    private static void requireConsistent(Evidence evidence) {
        boolean crossed = evidence.steps() > 0 && evidence.logEvidence() >= evidence.logThreshold();
        if (crossed != evidence.alarmed()) {
            throw new EvidenceFormatException(
                    "evidence bytes: log evidence "
                            + evidence.logEvidence()
                            + " against the threshold "
                            + evidence.logThreshold()
                            + " contradicts alarmed = "
                            + evidence.alarmed());
        }
    }

    private static EvidenceOptions options(ByteReader in, Horizon horizon, int bets) {
        double tolerance = in.fp64();
        double alpha = in.fp64();
        double weight = in.fp64();
        try {
            return new EvidenceOptions(tolerance, alpha, weight, horizon, bets);
        } catch (IllegalArgumentException e) {
            throw new EvidenceFormatException("evidence bytes: " + e.getMessage());
        }
    }

    /** Nothing is won before the first step, and no bet can lose everything afterwards. */
    private static double[] wealth(ByteReader in, int bets, long steps) {
        double[] wealth = in.fp64(bets);
        for (double each : wealth) {
            boolean possible =
                    steps == 0 ? each == Double.NEGATIVE_INFINITY : Double.isFinite(each);
            if (!possible) {
                throw new EvidenceFormatException(
                        "evidence bytes: log wealth after " + steps + " steps cannot be " + each);
            }
        }
        return wealth;
    }
}
