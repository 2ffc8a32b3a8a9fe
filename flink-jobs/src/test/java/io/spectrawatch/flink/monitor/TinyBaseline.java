package io.spectrawatch.flink.monitor;

import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.Calibration;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.FrozenWindow;
import io.spectrawatch.spectral.certificate.InterfaceMoments;
import io.spectrawatch.spectral.certificate.RowGroups;
import io.spectrawatch.spectral.certificate.WindowRows;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;

/** A baseline of small whole numbers in windows of channels: the same bits on every machine. */
final class TinyBaseline {

    static final FrozenWindow X = FrozenWindow.ofChannels(new double[] {1, 0}, 0, 1);
    static final FrozenWindow Y = FrozenWindow.ofChannels(new double[] {0, 1, 0}, 0, 2);

    private TinyBaseline() {}

    static ModelBaseline of(String model, String version, String digest) {
        List<InterfaceMoments> heldBack = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            heldBack.add(moments(8 + 32 * i, 32));
        }
        CertificateOptions options =
                CertificateOptions.defaults()
                        .withRows(16, 32, 64)
                        .withMinimumCertified(.1)
                        .withTolerances(.5, .5);
        Calibration calibration =
                Certificates.calibrate(
                        "a->b", moments(0, 160), heldBack, RowGroups.of(0, 1), options);
        return new ModelBaseline(
                model,
                version,
                digest,
                List.of(layer(0, "a", X), layer(1, "b", Y)),
                List.of(new ModelInterface(0, 1, calibration.baseline())),
                null,
                new Provenance(List.of(), 5, 320));
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
