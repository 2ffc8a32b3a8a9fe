package io.spectrawatch.flink.monitor;

import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** A baseline of small whole numbers in windows of channels: the same bits on every machine. */
final class TinyBaseline {

    static final FrozenWindow X = FrozenWindow.ofChannels(new double[] {1, 0}, 0, 1);
    static final FrozenWindow Y = FrozenWindow.ofChannels(new double[] {0, 1, 0}, 0, 2);

    private TinyBaseline() {}

    static ModelBaseline of(String model, String version, String digest) {
        return new ModelBaseline(
                model,
                version,
                digest,
                List.of(layer(0, "a", X), layer(1, "b", Y)),
                List.of(new ModelInterface(0, 1, certificate())),
                null,
                new Provenance(List.of(), 5, 320));
    }

    /** As it was calibrated once: another calibration would give it another id. */
    private static InterfaceBaseline certificate() {
        try (InputStream in =
                TinyBaseline.class.getResourceAsStream("/golden/tiny-interface.hex")) {
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim();
            return InterfaceBaseline.fromBytes(HexFormat.of().parseHex(hex), X, Y);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LayerBaseline layer(int index, String name, FrozenWindow window) {
        int d = window.dimension();
        return new LayerBaseline(index, name, d, window, new double[d], 2, new double[] {1, .5});
    }

    static InterfaceMoments moments(int from, int rows) {
        InterfaceMoments moments = new InterfaceMoments(X, Y);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                WindowRows windowX = new WindowRows(kernels, X, 8);
                WindowRows windowY = new WindowRows(kernels, Y, 8)) {
            RowBlock x = new RowBlock(8, 2);
            RowBlock y = new RowBlock(8, 3);
            byte[] halves = new byte[8];
            for (int i = from; i < from + rows; i++) {
                halves[x.rows()] = (byte) (i / 2 % 2);
                double a = i * 7 % 11 - 5;
                double b = i * 5 % 13 - 6;
                x.append(new double[] {4 * a, b});
                y.append(new double[] {9 * a, i % 3, 2 * b});
                if (x.isFull()) {
                    windowX.project(x, halves);
                    windowY.project(y, halves);
                    moments.update(windowX, windowY);
                    x.clear();
                    y.clear();
                }
            }
        }
        return moments;
    }
}
