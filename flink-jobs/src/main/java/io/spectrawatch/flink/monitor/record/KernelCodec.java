package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.flink.state.BinaryReader;
import io.spectrawatch.flink.state.BinaryWriter;
import io.spectrawatch.spectral.kernel.KernelDescription;

/** Kernels inside a binary form: text x 5 and int32, in the order of their fields. */
public final class KernelCodec {

    /** Least bytes of the form: five lengths and the threads. */
    public static final int LEAST_BYTES = 6 * Integer.BYTES;

    private KernelCodec() {}

    public static void write(BinaryWriter out, KernelDescription kernel) {
        out.text(kernel.provider()).text(kernel.library()).text(kernel.libraryVersion());
        out.text(kernel.coreName()).text(kernel.device()).int32(kernel.threads());
    }

    public static KernelDescription read(BinaryReader in) {
        return new KernelDescription(
                in.required(),
                in.required(),
                in.required(),
                in.required(),
                in.required(),
                in.int32());
    }
}
