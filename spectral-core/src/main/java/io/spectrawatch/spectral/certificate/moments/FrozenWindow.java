package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.linalg.Dense;

/**
 * The k coordinates in which a layer (d wide) is watched, frozen with a baseline: either an
 * orthonormal basis of its dominant subspace or a choice of channels; in both cases about a frozen
 * anchor.
 *
 * <p>Fixed windows make transports of different panes directly comparable: no re-alignment, no sign
 * or rotation ambiguity. The energy outside the window is known exactly and reported.
 */
public final class FrozenWindow {
    /*
     * Canonical form, little-endian:
     *
     *   0  int32  magic "SWFW"
     *   4  uint8  version (1)
     *   5  uint8  kind (1 basis, 2 channels)
     *   6  int32  d
     *  10  int32  k
     *  14  fp64   anchor[d]
     *  ..  kind 1: fp64 basis[k][d];  kind 2: int32 channel[k], ascending
     */
    private static final int MAGIC = 0x57465753;
    private static final int VERSION = 1;
    private static final int BASIS = 1;
    private static final int CHANNELS = 2;

    /** Largest entry of B B^T - I: eigenvectors in fp64 stay far below, a wrong basis far above. */
    private static final double ORTHONORMAL = 1e-8;

    private final double[] anchor;
    private final double[] basis;
    private final int[] channels;
    private final String id;

    private FrozenWindow(double[] anchor, double[] basis, int[] channels) {
        this.anchor = anchor;
        this.basis = basis;
        this.channels = channels;
        this.id = Sha256.hex(toBytes());
    }

    /**
     * Returns a window onto a subspace.
     *
     * @param anchor a (d)
     * @param basis k x d row-major orthonormal rows
     * @throws IllegalArgumentException if sizes do not fit, a value is not finite or the rows are
     *     not orthonormal to 1e-8
     */
    public static FrozenWindow ofBasis(double[] anchor, double[] basis) {
        int d = anchor.length;
        if (d == 0 || basis.length == 0 || basis.length % d != 0 || basis.length / d > d) {
            throw new IllegalArgumentException(
                    "frozen window: 1 to "
                            + d
                            + " rows of "
                            + d
                            + " expected, found "
                            + basis.length);
        }
        requireFinite(anchor);
        requireFinite(basis);
        requireOrthonormal(basis.length / d, d, basis);
        return new FrozenWindow(anchor.clone(), basis.clone(), null);
    }

    /**
     * Returns a window onto chosen channels: the certificate is then about that sub-matrix,
     * exactly.
     *
     * @param anchor a (d)
     * @param channels ascending, from 0 to d - 1
     */
    public static FrozenWindow ofChannels(double[] anchor, int... channels) {
        requireFinite(anchor);
        if (channels.length == 0) {
            throw new IllegalArgumentException("frozen window: at least one channel expected");
        }
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] < 0
                    || channels[i] >= anchor.length
                    || i > 0 && channels[i] <= channels[i - 1]) {
                throw new IllegalArgumentException(
                        "frozen window: ascending channels from 0 to "
                                + (anchor.length - 1)
                                + " expected, found "
                                + channels[i]
                                + " at "
                                + i);
            }
        }
        return new FrozenWindow(anchor.clone(), null, channels.clone());
    }

    private static void requireFinite(double[] values) {
        if (!Dense.allFinite(values)) {
            throw new IllegalArgumentException("frozen window: finite values expected");
        }
    }

    private static void requireOrthonormal(int k, int d, double[] basis) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? -1 : 0;
                for (int c = 0; c < d; c++) {
                    sum += basis[i * d + c] * basis[j * d + c];
                }
                if (!(Math.abs(sum) <= ORTHONORMAL)) {
                    throw new IllegalArgumentException(
                            "frozen window: orthonormal rows expected, rows "
                                    + j
                                    + " and "
                                    + i
                                    + " are off by "
                                    + sum);
                }
            }
        }
    }

    /** Returns d. */
    public int dimension() {
        return anchor.length;
    }

    /** Returns k. */
    public int rank() {
        return channels == null ? basis.length / anchor.length : channels.length;
    }

    /** Returns whether the window is a choice of channels. */
    public boolean ofChannels() {
        return channels != null;
    }

    /** Returns the anchor (d). */
    public double[] anchor() {
        return anchor.clone();
    }

    /** Returns the content address: SHA-256 of {@link #toBytes} in hex. */
    public String id() {
        return id;
    }

    double[] anchorValues() {
        return anchor;
    }

    /** The basis rows (k x d), or null for channels. */
    public double[] basisValues() {
        return basis;
    }

    int[] channelValues() {
        return channels;
    }

    /** Returns V^T v (k) for a vector v (d). */
    double[] project(double[] vector) {
        int d = dimension();
        double[] out = new double[rank()];
        for (int i = 0; i < out.length; i++) {
            if (channels != null) {
                out[i] = vector[channels[i]];
            } else {
                for (int c = 0; c < d; c++) {
                    out[i] += basis[i * d + c] * vector[c];
                }
            }
        }
        return out;
    }

    /** Returns the canonical binary form. */
    public byte[] toBytes() {
        ByteWriter out = CertificateForm.writer(MAGIC, VERSION);
        out.int8(channels == null ? BASIS : CHANNELS).int32(dimension()).int32(rank()).fp64(anchor);
        return (channels == null ? out.fp64(basis) : out.int32(channels)).toBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws CertificateFormatException if the bytes are anything else
     */
    public static FrozenWindow fromBytes(byte[] bytes) {
        ByteReader in = CertificateForm.reader("frozen window", bytes, MAGIC, VERSION);
        int kind = in.int8();
        int d = in.int32("dimension", 1, Integer.MAX_VALUE);
        int k = in.int32("rank", 1, d);
        double[] anchor = in.finite(d);
        try {
            FrozenWindow window =
                    switch (kind) {
                        case BASIS -> ofBasis(anchor, in.finite((long) k * d));
                        case CHANNELS -> ofChannels(anchor, in.int32((long) k));
                        default -> throw in.bad("kind 1 or 2", kind);
                    };
            in.end();
            return window;
        } catch (CertificateFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new CertificateFormatException("frozen window bytes: " + e.getMessage());
        }
    }
}
