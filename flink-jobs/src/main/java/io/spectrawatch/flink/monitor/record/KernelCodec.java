package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.kernel.KernelDescription;

/** Kernels inside a binary form: text x 5 and int32, in the order of their fields. */
public final class KernelCodec {

    /** Least bytes of the form: five lengths and the threads. */
    public static final int LEAST_BYTES = 6 * Integer.BYTES;

    private KernelCodec() {}

    public static void write(ByteWriter out, KernelDescription kernel) {
        out.text(kernel.provider()).text(kernel.library()).text(kernel.libraryVersion());
        out.text(kernel.coreName()).text(kernel.device()).int32(kernel.threads());
    }

    public static KernelDescription read(ByteReader in) {
        return new KernelDescription(
                in.requiredText(),
                in.requiredText(),
                in.requiredText(),
                in.requiredText(),
                in.requiredText(),
                in.int32());
    }
}
