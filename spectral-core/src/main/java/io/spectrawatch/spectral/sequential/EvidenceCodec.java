package io.spectrawatch.spectral.sequential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

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
    private static final int CHECKSUM_BYTES = 4;

    /** Up to here a count of steps is exact in fp64; at one a microsecond that is 285 years. */
    private static final long MOST_STEPS = 1L << 53;

    private EvidenceCodec() {}

    static byte[] encode(Evidence evidence) {
        EvidenceOptions options = evidence.options();
        int bets = options.bets();
        ByteBuffer out =
                ByteBuffer.allocate(HEADER_BYTES + bets * Double.BYTES + CHECKSUM_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put(VERSION).put(options.horizon().code());
        out.put((byte) (evidence.alarmed() ? 1 : 0)).put((byte) bets);
        out.putInt(evidence.epoch()).putInt(0).putLong(evidence.steps());
        out.putDouble(options.tolerance()).putDouble(options.alpha()).putDouble(options.weight());
        for (int k = 0; k < bets; k++) {
            out.putDouble(evidence.logWealth(k));
        }
        return out.putInt(checksum(out.array())).array();
    }

    static Evidence decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || in.getInt() != MAGIC) {
            throw new EvidenceFormatException(
                    "evidence bytes: not a sequential test (" + bytes.length + " bytes)");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new EvidenceFormatException(
                    "evidence bytes: known version " + VERSION + ", found " + version);
        }
        if (in.getInt(bytes.length - CHECKSUM_BYTES) != checksum(bytes)) {
            throw new EvidenceFormatException(
                    "evidence bytes: the checksum does not match, the bytes are damaged");
        }
        Horizon horizon = Horizon.of(in.get());
        byte alarmed = in.get();
        int bets = in.get();
        int epoch = in.getInt();
        int zero = in.getInt();
        long steps = in.getLong();
        int size = HEADER_BYTES + bets * Double.BYTES + CHECKSUM_BYTES;
        if (bytes.length != size || alarmed >> 1 != 0 || epoch < 1 || zero != 0) {
            throw new EvidenceFormatException(
                    "evidence bytes: "
                            + bets
                            + " bets need "
                            + size
                            + " bytes and an epoch from 1; found "
                            + bytes.length
                            + " bytes, epoch "
                            + epoch);
        }
        if (steps < 0 || steps > MOST_STEPS) {
            throw new EvidenceFormatException(
                    "evidence bytes: 0 to " + MOST_STEPS + " steps expected, found " + steps);
        }
        Evidence evidence =
                new Evidence(
                        options(in, horizon, bets),
                        epoch,
                        steps,
                        alarmed == 1,
                        wealth(in, bets, steps));
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

    private static EvidenceOptions options(ByteBuffer in, Horizon horizon, int bets) {
        try {
            return new EvidenceOptions(
                    in.getDouble(), in.getDouble(), in.getDouble(), horizon, bets);
        } catch (IllegalArgumentException e) {
            throw new EvidenceFormatException("evidence bytes: " + e.getMessage());
        }
    }

    /** Nothing is won before the first step, and no bet can lose everything afterwards. */
    private static double[] wealth(ByteBuffer in, int bets, long steps) {
        double[] wealth = new double[bets];
        for (int k = 0; k < bets; k++) {
            wealth[k] = in.getDouble();
            boolean possible =
                    steps == 0 ? wealth[k] == Double.NEGATIVE_INFINITY : Double.isFinite(wealth[k]);
            if (!possible) {
                throw new EvidenceFormatException(
                        "evidence bytes: log wealth after "
                                + steps
                                + " steps cannot be "
                                + wealth[k]);
            }
        }
        return wealth;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
        return (int) crc.getValue();
    }
}
