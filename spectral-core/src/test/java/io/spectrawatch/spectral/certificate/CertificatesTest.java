package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calibration, comparison and alerts on a small residual block. */
class CertificatesTest {
    private static final String REPEAT = Cases.repeat(CertificatesTest.class);
    private static final long SCENARIO = 20260101;
    private static final CertificateOptions OPTIONS =
            CertificateOptions.defaults().withRows(500, 2_000, 16_000).withMinimumCertified(.3);
    private static Kernels kernels;
    private static Block block;
    private static FrozenWindow x;
    private static FrozenWindow y;
    private static InterfaceBaseline baseline;

    @BeforeAll
    static void calibrate() {
        kernels = KernelProviders.open(KernelChoice.HOST);
        // One scenario, not a property: other blocks may not change their structure when drifting.
        Random random = new Random(SCENARIO);
        block = new Block(random, kernels);
        x = block.inputWindow();
        y = FrozenWindow.ofBasis(new double[Block.D], Cases.orthonormal(random, 12, Block.D));
        Calibration calibration = calibrate(OPTIONS);
        assertTrue(calibration.accepted(), calibration.refusal() + "; " + REPEAT);
        baseline = calibration.baseline();
        assertTrue(baseline.pooling().accepted(), baseline.pooling() + "; " + REPEAT);
    }

    private static Calibration calibrate(CertificateOptions options) {
        return Certificates.calibrate(
                "4->5",
                block.pane(x, y, 40_000),
                block.panes(x, y, 1_000, 24),
                RowGroups.equalBlocks(Block.D, 4),
                options);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static InterfaceCertificate certify(int rows) {
        return Certificates.certify(baseline, block.pane(x, y, rows));
    }

    private static List<AlertTransition> run(AlertState[] state, int panes, AlertOptions options) {
        List<AlertTransition> transitions = new ArrayList<>();
        for (int i = 0; i < panes; i++) {
            InterfaceCertificate certificate = certify((int) baseline.pooling().rows());
            AlertDecision decision = Alerts.decide(state[0], baseline, certificate, options);
            state[0] = decision.state();
            transitions.addAll(decision.transitions());
        }
        return transitions;
    }

    private static long raised(List<AlertTransition> transitions, AlertKind kind) {
        return transitions.stream().filter(t -> t.kind() == kind && t.raised()).count();
    }

    @Test
    void aPaneWithoutChangeIsCertifiedAndQuiet() {
        InterfaceCertificate certificate = certify(4_000);
        InterfaceCertificate.Findings findings = certificate.findings();
        assertNotEquals(InterfaceCertificate.Status.REFUSED, certificate.status());
        assertTrue(findings.budget().total() < findings.radius().value(), REPEAT);
        assertEquals(0, findings.comparison().unresolved());
        assertEquals(1, findings.comparison().resolvedShare());
        assertTrue(findings.driftScore() < .02, findings.driftScore() + "; " + REPEAT);
        assertEquals(0, findings.budget().truncation());
        assertTrue(findings.escapeX() < .05 && findings.escapeY() > 0, REPEAT);
        assertEquals(Block.D, findings.labels().rows());
        AlertState[] state = {AlertState.start(baseline, AlertOptions.defaults(.5))};
        assertEquals(List.of(), run(state, 60, AlertOptions.defaults(.5)), REPEAT);
    }

    @Test
    void inputDriftIsFoundNamedRaisedOnceAndResolved() {
        AlertOptions options = AlertOptions.defaults(1);
        AlertState[] state = {AlertState.start(baseline, options)};
        block.driftInput(2);
        List<AlertTransition> drift;
        try {
            drift = run(state, 40, options);
        } finally {
            block.driftInput(0);
        }
        assertEquals(1, raised(drift, AlertKind.CERTIFICATE_DRIFT), REPEAT);
        assertEquals(1, raised(drift, AlertKind.SPECTRUM_DRIFT), REPEAT);
        AlertTransition first = drift.get(0);
        assertTrue(
                first.attribution() == Attribution.INPUT
                        || first.attribution() == Attribution.INPUT_AND_MAP,
                first.text() + "; " + REPEAT);
        assertTrue(first.text().contains("input drift"), first.text());
        assertTrue(first.statistic() >= first.threshold());
        List<AlertTransition> calm = run(state, 20, options);
        assertTrue(
                calm.stream().allMatch(t -> !t.raised())
                        && calm.stream().anyMatch(t -> t.kind() == AlertKind.CERTIFICATE_DRIFT),
                calm + "; " + REPEAT);
        assertEquals(2, state[0].drift().epoch());
        assertFalse(state[0].drift().alarmed());
        assertEquals(state[0].digest(), AlertState.fromBytes(state[0].toBytes()).digest());
    }

    @Test
    void mechanismDriftIsFoundAndNamed() {
        AlertOptions options = AlertOptions.defaults(1);
        AlertState[] state = {AlertState.start(baseline, options)};
        block.driftMechanism(1);
        List<AlertTransition> drift;
        try {
            drift = run(state, 60, options);
        } finally {
            block.driftMechanism(0);
        }
        assertEquals(1, raised(drift, AlertKind.CERTIFICATE_DRIFT), REPEAT);
        AlertTransition first = drift.get(0);
        assertEquals(Attribution.MECHANISM, first.attribution(), first.text() + "; " + REPEAT);
        assertEquals(-1, Attribution.root(List.of(Attribution.NONE)));
        assertEquals(
                1,
                Attribution.root(
                        List.of(Attribution.NONE, Attribution.MECHANISM, Attribution.INPUT)));
    }

    @Test
    void aMapThatMovesLessThanItsInputIsNoMechanism() {
        Movement levels = new Movement(0.02, 0.001, 0.02, 0.02);
        assertEquals(
                Attribution.MECHANISM,
                Attribution.of(new Movement(0.01, 0.03, 0.002, 0.08), levels));
        assertEquals(
                Attribution.UNDETERMINED,
                Attribution.of(new Movement(0.01, 0.0013, 0.0074, 0.0155), levels));
        assertEquals(
                Attribution.INPUT_AND_MAP,
                Attribution.of(new Movement(0.3, 0.02, 0.3, 0.3), levels));
        assertEquals(
                Attribution.INPUT, Attribution.of(new Movement(0.3, Double.NaN, 0.3, 0.3), levels));
        assertEquals(Attribution.UNDETERMINED, Attribution.of(new Movement(0.03, 0, 0, 0), levels));
        assertEquals(Attribution.NONE, Attribution.of(new Movement(0.01, 0, 0, 0), levels));
    }

    @Test
    void structureChangesAreProvenAndWaitForDrift() {
        // The changed rows of the weights grow fivefold, so their columns must become active.
        block.driftMechanism(-4);
        block.driftInput(3);
        InterfaceCertificate certificate;
        try {
            certificate = certify(4_000);
        } finally {
            block.driftMechanism(0);
            block.driftInput(0);
        }
        Comparison comparison = certificate.findings().comparison();
        assertTrue(comparison.changed() > 0, REPEAT);
        assertTrue(comparison.utilisation() > 1, REPEAT);
        assertTrue(comparison.changes().size() <= Comparison.MOST_CHANGES);
        for (Comparison.Change change : comparison.changes()) {
            assertTrue(change.margin() > certificate.findings().budget().total(), REPEAT);
        }
        AlertOptions waiting = AlertOptions.defaults(1);
        AlertState state = AlertState.start(baseline, waiting);
        assertEquals(
                0,
                raised(
                        Alerts.decide(state, baseline, certificate, waiting).transitions(),
                        AlertKind.STRUCTURE_CHANGED));
        AlertDecision decision =
                Alerts.decide(state, baseline, certificate, waiting.withStructureNeedsDrift(false));
        assertEquals(1, raised(decision.transitions(), AlertKind.STRUCTURE_CHANGED));
        assertEquals(
                decision.state().digest(),
                Alerts.decide(state, baseline, certificate, waiting.withStructureNeedsDrift(false))
                        .state()
                        .digest());
    }

    @Test
    void noChangedElementWhileTheUtilisationIsBelowOne() {
        Random random = Cases.random(51);
        Structure reference = baseline.structure();
        for (int trial = 0; trial < 2_000; trial++) {
            double[] d = Cases.gaussian(random, baseline.transportValues().length);
            double size = 2 * baseline.strictRadius() * random.nextDouble();
            d = Cases.plus(new double[d.length], d, size / baseline.display().columnNorm(d));
            double[] moved = Cases.plus(baseline.transportValues(), d, 1);
            Structure now = new Structure(baseline.display().energies(moved), baseline.rule());
            Comparison comparison = new StructureComparison(baseline, now, 1e-12).run(size);
            if (comparison.utilisationUpper() < 1) {
                assertEquals(0, comparison.changed(), REPEAT);
                assertTrue(comparison.consumption().largest() < 1, REPEAT);
            }
            assertEquals(
                    reference.groups() * reference.columns() + 6,
                    comparison.same()
                            + comparison.changed()
                            + comparison.unresolved()
                            + comparison.uncertified());
        }
    }

    @Test
    void lossOfTheCertificateIsSaidAndResolved() {
        AlertOptions options = AlertOptions.defaults(1);
        AlertState state = AlertState.start(baseline, options);
        InterfaceCertificate none = Certificates.certify(baseline, new InterfaceMoments(x, y));
        assertTrue(none.refused());
        AlertDecision decision = Alerts.decide(state, baseline, none, options);
        assertEquals(1, raised(decision.transitions(), AlertKind.CERTIFICATE_LOST));
        assertEquals(
                0, Alerts.decide(decision.state(), baseline, none, options).transitions().size());
        AlertState[] after = {decision.state()};
        List<AlertTransition> calm = run(after, options.calmPanes(), options);
        assertEquals(1, calm.size());
        assertFalse(calm.get(0).raised());
    }

    @Test
    void shardsGiveTheCertificateOfTheWhole() {
        for (int shards : new int[] {2, 5}) {
            List<InterfaceMoments> parts = block.panes(x, y, 4_000 / shards, shards);
            InterfaceMoments merged = new InterfaceMoments(x, y);
            InterfaceMoments reversed = new InterfaceMoments(x, y);
            for (int i = 0; i < shards; i++) {
                merged.merge(parts.get(i));
                reversed.merge(parts.get(shards - 1 - i));
            }
            InterfaceCertificate a = Certificates.certify(baseline, merged);
            InterfaceCertificate b = Certificates.certify(baseline, reversed);
            double error = a.findings().budget().total() + b.findings().budget().total();
            assertEquals(a.findings().radius().value(), b.findings().radius().value(), error);
            assertEquals(a.findings().comparison().changed(), b.findings().comparison().changed());
            assertTrue(a.findings().structure().sameAs(b.findings().structure()), REPEAT);
        }
    }

    @Test
    void aBaselineIsItsBytes() {
        byte[] bytes = baseline.toBytes();
        InterfaceBaseline read = InterfaceBaseline.fromBytes(bytes, x, y);
        assertEquals(baseline.id(), read.id());
        assertArrayEquals(bytes, read.toBytes());
        assertEquals(baseline.radius(), read.radius());
        assertEquals(x.id(), FrozenWindow.fromBytes(x.toBytes()).id());
        assertThrows(
                CertificateFormatException.class, () -> InterfaceBaseline.fromBytes(bytes, y, x));
        for (int at : new int[] {0, 4, 70, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            try {
                assertNotEquals(baseline.id(), InterfaceBaseline.fromBytes(damaged, x, y).id());
            } catch (CertificateFormatException e) {
                assertTrue(e.getMessage().contains("interface baseline"), e.getMessage());
            }
        }
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(
                CertificateFormatException.class, () -> InterfaceBaseline.fromBytes(longer, x, y));
    }

    @Test
    void otherWindowsAndBaselinesAreRefused() {
        InterfaceMoments swapped = new InterfaceMoments(y, x);
        assertThrows(IllegalArgumentException.class, () -> Certificates.certify(baseline, swapped));
        Calibration other = calibrate(OPTIONS.withTolerances(.04, .004));
        AlertOptions options = AlertOptions.defaults(1);
        AlertState state = AlertState.start(baseline, options);
        InterfaceCertificate certificate = certify(2_000);
        assertThrows(
                IllegalArgumentException.class,
                () -> Alerts.decide(state, other.baseline(), certificate, options));
        AlertState next = state.rebase(other.baseline(), options);
        assertEquals(2, next.drift().epoch());
        assertEquals(.04, next.drift().options().tolerance());
    }

    @Test
    void calibrationRefusesWithReasons() {
        RowGroups groups = RowGroups.equalBlocks(Block.D, 4);
        Calibration few =
                Certificates.calibrate("i", block.pane(x, y, 60), List.of(), groups, OPTIONS);
        assertFalse(few.accepted());
        assertTrue(few.refusal().contains("reference rows"), few.refusal());
        Calibration modes =
                Certificates.calibrate(
                        "i",
                        block.pane(x, y, 2_000),
                        List.of(),
                        groups,
                        OPTIONS.withMode(CertificateOptions.Mode.SOURCE_MODES));
        assertTrue(modes.refusal().contains("eigengap"), modes.refusal());
        Calibration strict =
                Certificates.calibrate(
                        "i",
                        block.pane(x, y, 60),
                        List.of(),
                        groups,
                        OPTIONS.withRows(20, 2_000, 16_000).withMinimumCertified(1));
        assertTrue(strict.refusal().contains("elements"), strict.refusal());
        Calibration full =
                Certificates.calibrate(
                        "i",
                        block.pane(x, y, 2_000),
                        List.of(),
                        groups,
                        OPTIONS.withScope(CertificateOptions.Scope.FULL));
        assertFalse(full.accepted(), "the windows leave out more than the radius");
        Calibration blind =
                Certificates.calibrate("i", block.pane(x, y, 20_000), List.of(), groups, OPTIONS);
        assertTrue(blind.accepted(), blind.refusal());
        assertFalse(blind.baseline().pooling().accepted());
    }

    @Test
    void populationClaimsCarryTheirSamplingTerm() {
        SamplingAssumption assumption = new SamplingAssumption(.5, 2, 40, 120, .01);
        InterfaceMoments small = block.pane(x, y, 2_000);
        InterfaceMoments large = small.copy();
        for (int i = 0; i < 3; i++) {
            block.addTo(large, 2_000);
        }
        Transport reference = block.pane(x, y, 60_000).transport(Part.ALL);
        double before = assumption.bound(small.transport(Part.ALL));
        double after = assumption.bound(large.transport(Part.ALL));
        assertTrue(after < before * .75, before + " " + after + "; " + REPEAT);
        double error =
                Dense.norm(Dense.subtract(reference.matrix(), small.transport(Part.ALL).matrix()));
        assertTrue(error < before, error + " " + before + "; " + REPEAT);
        assertTrue(
                OPTIONS.withSampling(assumption).budget(small.transport(Part.ALL)).sampling() > 0);
    }
}
