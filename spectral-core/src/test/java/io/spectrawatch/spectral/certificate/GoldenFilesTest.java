package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.alert.Alerts;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Released binary forms. All rows are small integers in unit windows, so every sum is exact on
 * every machine. {@code -Dspectrawatch.golden=DIR} writes the files of this version to a folder.
 */
class GoldenFilesTest {
    static final FrozenWindow X =
            FrozenWindow.ofBasis(
                    new double[] {1, 0, -1, 2}, new double[] {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0});
    static final FrozenWindow Y = FrozenWindow.ofChannels(new double[] {0, 1, 0}, 0, 2);

    static InterfaceMoments moments(int from, int rows) {
        InterfaceMoments moments = new InterfaceMoments(X, Y);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                WindowRows wx = new WindowRows(kernels, X, 8);
                WindowRows wy = new WindowRows(kernels, Y, 8)) {
            RowBlock bx = new RowBlock(8, 4);
            RowBlock by = new RowBlock(8, 3);
            byte[] halves = new byte[8];
            for (int i = from; i < from + rows; i++) {
                halves[bx.rows()] = (byte) (i / 2 % 2);
                double a = i * 7 % 11 - 5;
                double b = i * 5 % 13 - 6;
                bx.append(new double[] {4 * a, b % 3, b, i % 2});
                by.append(new double[] {9 * a, i % 3, 2 * b});
                if (bx.isFull()) {
                    wx.project(bx, halves);
                    wy.project(by, halves);
                    moments.update(wx, wy);
                    bx.clear();
                    by.clear();
                }
            }
        }
        return moments;
    }

    @Test
    void windows() throws IOException {
        check("window-basis-v1.bin", X.toBytes());
        check("window-channels-v1.bin", Y.toBytes());
        assertEquals(X.id(), FrozenWindow.fromBytes(golden("window-basis-v1.bin")).id());
        assertEquals(Y.id(), FrozenWindow.fromBytes(golden("window-channels-v1.bin")).id());
        byte[] unknown = X.toBytes();
        unknown[4] = 2;
        assertThrows(CertificateFormatException.class, () -> FrozenWindow.fromBytes(unknown));
    }

    @Test
    void moments() throws IOException {
        check("moments-v1.bin", moments(0, 16).toBytes());
        InterfaceMoments read = InterfaceMoments.fromBytes(golden("moments-v1.bin"), X, Y);
        assertEquals(16, read.rows());
        assertArrayEquals(golden("moments-v1.bin"), read.toBytes());
    }

    /** How a baseline is calibrated may change between releases; how it is read may not. */
    @Test
    void baselineAndAlerts() throws IOException {
        byte[] golden = golden("baseline-v1.bin");
        InterfaceBaseline baseline = InterfaceBaseline.fromBytes(golden, X, Y);
        assertArrayEquals(golden, baseline.toBytes());
        assertEquals("a->b", baseline.name());
        assertEquals(160, baseline.rows());
        assertEquals(.5, baseline.options().driftTolerance());
        assertEquals(new SamplingAssumption(1, 1, 1e-9, 1e-9, .5), baseline.options().sampling());
        assertTrue(baseline.pooling().accepted());
        assertEquals(32, baseline.pooling().rows());
        AlertState state = AlertState.fromBytes(golden("alerts-v1.bin"));
        assertArrayEquals(golden("alerts-v1.bin"), state.toBytes());
        assertEquals(baseline.id(), state.baselineId());
        AlertOptions options = AlertOptions.defaults(1);
        InterfaceCertificate certificate = Certificates.certify(baseline, moments(160, 32));
        Alerts.decide(state, baseline, certificate, options);
        byte[] damaged = state.toBytes();
        damaged[10] ^= 1;
        assertThrows(CertificateFormatException.class, () -> AlertState.fromBytes(damaged));
    }

    /** Supports by rank have a form of their own; the others keep their bytes and ids. */
    @Test
    void baselineBySizes() throws IOException {
        byte[] golden = golden("baseline-v2.bin");
        InterfaceBaseline baseline = InterfaceBaseline.fromBytes(golden, X, Y);
        assertArrayEquals(golden, baseline.toBytes());
        assertEquals(ThresholdOptions.Supports.RANK, baseline.options().thresholds().supports());
        assertTrue(baseline.rule().ranked());
        for (int a = 0; a < baseline.rule().groups(); a++) {
            assertEquals(baseline.rule().size(a), baseline.structure().support(a).length);
        }
        byte[] unknown = golden.clone();
        unknown[4] = 4;
        CertificateFormatException e =
                assertThrows(
                        CertificateFormatException.class,
                        () -> InterfaceBaseline.fromBytes(unknown, X, Y));
        assertEquals("interface baseline bytes: known versions 1, 2, 3, found 4", e.getMessage());
    }

    /** Scores are cut off in the tests: of baselines with either kind of supports. */
    @Test
    void baselineWithCuts() throws IOException {
        for (String before : new String[] {"baseline-v1.bin", "baseline-v2.bin"}) {
            InterfaceBaseline old = InterfaceBaseline.fromBytes(golden(before), X, Y);
            assertEquals(1, old.pooling().cut(), "as it judged before");
            assertEquals(1, old.pooling().spectrumCut());
            Pooling pooling = new Pooling(32, .001, 20, "", 1e-5, "few", .08, .004);
            InterfaceBaseline cut = old.with(old.options(), pooling, old.levels());
            check(
                    old.rule().ranked() ? "baseline-v3-ranked.bin" : "baseline-v3.bin",
                    cut.toBytes());
            InterfaceBaseline read = InterfaceBaseline.fromBytes(cut.toBytes(), X, Y);
            assertEquals(cut.id(), read.id());
            assertEquals(pooling, read.pooling());
            assertEquals(old.rule().ranked(), read.rule().ranked());
        }
    }

    private static void check(String name, byte[] bytes) throws IOException {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, name), bytes);
        }
        assertArrayEquals(golden(name), bytes, name);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
