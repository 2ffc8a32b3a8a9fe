package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spectrawatch.spectral.certificate.moments.Block;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A block drawn from a seed and the baseline calibrated on it. */
final class Scenario {
    static final CertificateOptions OPTIONS =
            CertificateOptions.defaults().withRows(500, 2_000, 16_000).withMinimumCertified(.3);

    final long seed;
    final Block block;
    final FrozenWindow x;
    final FrozenWindow y;
    InterfaceBaseline baseline;

    private Scenario(long seed, Kernels kernels) {
        this.seed = seed;
        Random random = new Random(seed);
        this.block = new Block(random, kernels);
        this.x = block.inputWindow();
        this.y = FrozenWindow.ofBasis(new double[Block.D], Cases.orthonormal(random, 12, Block.D));
    }

    /** The scenario of a seed; empty where calibration says that no drift can be claimed. */
    static Optional<Scenario> of(long seed, Kernels kernels) {
        Scenario scenario = new Scenario(seed, kernels);
        InterfaceCalibration calibration = scenario.calibrate(OPTIONS);
        if (!calibration.accepted()) {
            assertFalse(calibration.refusal().isEmpty());
            return Optional.empty();
        }
        scenario.baseline = calibration.baseline();
        Pooling pooling = scenario.baseline.pooling();
        return pooling.accepted() && pooling.spectrumAccepted()
                ? Optional.of(scenario)
                : Optional.empty();
    }

    InterfaceCalibration calibrate(CertificateOptions options) {
        return Certificates.calibrate(
                "4->5",
                block.pane(x, y, 40_000),
                block.panes(x, y, 1_000, 40),
                RowGroups.equalBlocks(Block.D, 4),
                options);
    }

    InterfaceCertificate certify(int rows) {
        return Certificates.certify(baseline, block.pane(x, y, rows));
    }

    /** Certifies pooled panes with a drift injected, and without it again afterwards. */
    List<InterfaceCertificate> certify(int panes, double input, double mechanism) {
        List<InterfaceCertificate> certificates = new ArrayList<>();
        block.driftInput(input);
        block.driftMechanism(mechanism);
        try {
            for (int i = 0; i < panes; i++) {
                certificates.add(certify((int) baseline.pooling().rows()));
            }
        } finally {
            block.driftInput(0);
            block.driftMechanism(0);
        }
        return certificates;
    }

    String repeat() {
        return "seed "
                + seed
                + "; repeat with: mvn -pl spectral-core test -Dtest=CertificatesTest"
                + " -Dspectrawatch.seed="
                + seed;
    }
}
