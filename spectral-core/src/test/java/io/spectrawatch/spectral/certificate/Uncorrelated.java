package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.List;

/** Two layers whose cross moment is exactly zero, so that every energy lies on its threshold. */
public final class Uncorrelated {
    private static final int D = 2;
    private static final int ROWS = 64;

    private Uncorrelated() {}

    public static InterfaceCalibration calibrate() {
        FrozenWindow window = FrozenWindow.ofBasis(new double[D], Dense.identity(D));
        InterfaceMoments moments = new InterfaceMoments(window, window);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                WindowRows x = new WindowRows(kernels, window, ROWS);
                WindowRows y = new WindowRows(kernels, window, ROWS)) {
            RowBlock blockX = new RowBlock(ROWS, D);
            RowBlock blockY = new RowBlock(ROWS, D);
            byte[] halves = new byte[ROWS];
            for (int i = 0; i < ROWS; i++) {
                // Signs of both layers in all combinations, equally often in both halves.
                double[] row = {(i & 1) * 2 - 1, (i & 2) - 1};
                double[] next = {(i & 4) / 2 - 1, (i & 8) / 4 - 1};
                blockX.append(row);
                blockY.append(next);
                halves[i] = (byte) (i / 16 % 2);
            }
            x.project(blockX, halves);
            y.project(blockY, halves);
            moments.update(x, y);
        }
        return Certificates.calibrate(
                "uncorrelated",
                moments,
                List.of(),
                RowGroups.equalBlocks(D, 2),
                CertificateOptions.defaults().withRows(8, 64, 64));
    }
}
