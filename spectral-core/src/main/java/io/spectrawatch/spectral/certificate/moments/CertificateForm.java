package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteOrder;

/** The beginning of every binary form of certificates, little-endian: int32 magic, int8 version. */
public final class CertificateForm {
    private static final int USUAL_BYTES = 1024;

    private CertificateForm() {}

    /** Begins a form. */
    public static ByteWriter writer(int magic, int version) {
        return new ByteWriter(ByteOrder.LITTLE_ENDIAN, USUAL_BYTES).int32(magic).int8(version);
    }

    /**
     * Opens a form behind its version; what it reads it refuses with {@link
     * CertificateFormatException}.
     *
     * @param kind of the form, for errors
     * @param known versions
     * @throws CertificateFormatException if it begins otherwise
     */
    public static ByteReader reader(String kind, byte[] bytes, int magic, int... known) {
        ByteReader in =
                new ByteReader(
                        bytes,
                        ByteOrder.LITTLE_ENDIAN,
                        kind + " bytes",
                        CertificateFormatException::new);
        in.magic(magic, kind);
        return in.version(in.int8(), known);
    }
}
