package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;
import io.spectrawatch.spectral.kernel.KernelDescription;

/** Kernels inside a binary form: text x 5 and int32, in the order of their fields. */
final class KernelCodec {

    /** Least bytes of the form: five lengths and the threads. */
    static final int LEAST_BYTES = 6 * Integer.BYTES;

    private KernelCodec() {}

    static void write(BinaryWriter out, KernelDescription kernel) {
        out.text(kernel.provider()).text(kernel.library()).text(kernel.libraryVersion());
        out.text(kernel.coreName()).text(kernel.device()).int32(kernel.threads());
    }

    static KernelDescription read(BinaryReader in) {
        return new KernelDescription(
                in.required(),
                in.required(),
                in.required(),
                in.required(),
                in.required(),
                in.int32());
    }
}
