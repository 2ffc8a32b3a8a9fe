package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.alert.AlertDecision;
import io.spectrawatch.spectral.certificate.alert.AlertKind;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.alert.AlertTransition;
import io.spectrawatch.spectral.certificate.alert.Alerts;
import io.spectrawatch.spectral.certificate.moments.Block;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Calibration, comparison and alerts on small residual blocks, each drawn from a seed. {@code
 * -Dspectrawatch.scenarios=N} draws more of them.
 */
class CertificatesTest {
    private static final int SCENARIOS = Integer.getInteger("spectrawatch.scenarios", 4);

    /** So small a level that no seed will ever see a false alarm. */
    private static final AlertOptions STRICT = AlertOptions.defaults(1).withAlpha(1e-9);

    private static final List<Scenario> ALL = new ArrayList<>();
    private static Kernels kernels;
    private static Scenario any;

    @BeforeAll
    static void calibrate() {
        kernels = KernelProviders.open(KernelChoice.HOST);
        for (int i = 0; i < SCENARIOS; i++) {
            Scenario.of(Cases.SEED + i, kernels).ifPresent(ALL::add);
        }
        // A refusal is an honest answer, but it must stay the exception.
        assertTrue(2 * ALL.size() > SCENARIOS, ALL.size() + " of " + SCENARIOS + " accepted");
        any = ALL.get(0);
    }

    @AfterAll
    static void close() {
        ALL.clear();
        kernels.close();
    }

    private static List<AlertTransition> decide(
            AlertState[] state,
            Scenario scenario,
            List<InterfaceCertificate> certificates,
            AlertOptions options) {
        List<AlertTransition> transitions = new ArrayList<>();
        for (InterfaceCertificate certificate : certificates) {
            AlertDecision decision =
                    Alerts.decide(state[0], scenario.baseline, certificate, options);
            state[0] = decision.state();
            transitions.addAll(decision.transitions());
        }
        return transitions;
    }

    private static AlertState[] start(Scenario scenario, AlertOptions options) {
        return new AlertState[] {AlertState.start(scenario.baseline, options)};
    }

    private static long raised(List<AlertTransition> transitions, AlertKind kind) {
        return transitions.stream().filter(t -> t.kind() == kind && t.raised()).count();
    }

    private static double meanDrift(List<InterfaceCertificate> certificates) {
        return certificates.stream()
                .mapToDouble(certificate -> certificate.findings().driftScore())
                .average()
                .orElseThrow();
    }

    /** The standard error of the mean drift score. */
    private static double meanError(List<InterfaceCertificate> certificates) {
        double mean = meanDrift(certificates);
        double squares = 0;
        for (InterfaceCertificate certificate : certificates) {
            double gap = certificate.findings().driftScore() - mean;
            squares += gap * gap;
        }
        return Math.sqrt(squares) / certificates.size();
    }

    @Test
    void panesWithoutChangeAreCertifiedAndQuiet() {
        for (Scenario scenario : ALL) {
            List<InterfaceCertificate> panes = scenario.certify(40, 0, 0);
            for (InterfaceCertificate certificate : panes) {
                InterfaceCertificate.Findings findings = certificate.findings();
                assertNotEquals(InterfaceCertificate.Status.REFUSED, certificate.status());
                assertTrue(
                        findings.budget().total() < findings.radius().value(), scenario.repeat());
                assertEquals(0, findings.comparison().unresolved(), scenario.repeat());
                assertEquals(1, findings.comparison().resolvedShare());
                assertEquals(0, findings.budget().truncation());
                assertTrue(findings.escapeX() < .05 && findings.escapeY() > 0, scenario.repeat());
                assertEquals(Block.D, findings.labels().rows());
            }
            double tolerated = scenario.baseline.options().driftTolerance();
            double mean = meanDrift(panes);
            assertTrue(mean - 4 * meanError(panes) <= tolerated, mean + "; " + scenario.repeat());
            assertEquals(
                    List.of(),
                    decide(start(scenario, STRICT), scenario, panes, STRICT),
                    scenario.repeat());
        }
    }

    @Test
    void inputDriftIsFoundNamedRaisedOnceAndResolved() {
        AlertOptions options = AlertOptions.defaults(1);
        for (Scenario scenario : ALL) {
            AlertState[] state = start(scenario, options);
            List<AlertTransition> drift =
                    decide(state, scenario, scenario.certify(40, 2, 0), options);
            assertEquals(1, raised(drift, AlertKind.CERTIFICATE_DRIFT), scenario.repeat());
            assertEquals(1, raised(drift, AlertKind.SPECTRUM_DRIFT), scenario.repeat());
            AlertTransition first = drift.get(0);
            assertTrue(
                    first.attribution() == Attribution.INPUT
                            || first.attribution() == Attribution.INPUT_AND_MAP,
                    first.text() + "; " + scenario.repeat());
            assertTrue(first.text().contains("input drift"), first.text());
            assertTrue(first.statistic() >= first.threshold());
            List<AlertTransition> calm =
                    decide(state, scenario, scenario.certify(100, 0, 0), options);
            // Sampling may still flip an element while the drift stands; the tests stay silent.
            assertEquals(0, raised(calm, AlertKind.CERTIFICATE_DRIFT), scenario.repeat());
            assertEquals(0, raised(calm, AlertKind.SPECTRUM_DRIFT), scenario.repeat());
            assertFalse(state[0].active(AlertKind.CERTIFICATE_DRIFT), scenario.repeat());
            assertEquals(2, state[0].drift().epoch());
            assertFalse(state[0].drift().alarmed());
            assertEquals(state[0].digest(), AlertState.fromBytes(state[0].toBytes()).digest());
        }
    }

    @Test
    void mechanismDriftIsFoundAndNamed() {
        AlertOptions options = AlertOptions.defaults(1);
        int found = 0;
        for (Scenario scenario : ALL) {
            List<InterfaceCertificate> panes = scenario.certify(60, 0, 1);
            if (meanDrift(panes) < 5 * scenario.baseline.options().driftTolerance()) {
                // The changed rows may matter little to the certified margins of this block.
                continue;
            }
            List<AlertTransition> drift =
                    decide(start(scenario, options), scenario, panes, options);
            assertEquals(1, raised(drift, AlertKind.CERTIFICATE_DRIFT), scenario.repeat());
            AlertTransition first = drift.get(0);
            assertEquals(
                    Attribution.MECHANISM,
                    first.attribution(),
                    first.text() + "; " + scenario.repeat());
            found++;
        }
        assertTrue(2 * found >= ALL.size(), found + " of " + ALL.size() + " drifts large enough");
        assertEquals(-1, Attribution.root(List.of(Attribution.NONE)));
        assertEquals(
                1,
                Attribution.root(
                        List.of(Attribution.NONE, Attribution.MECHANISM, Attribution.INPUT)));
    }

    /**
     * What is called changed is exactly what differs beyond the error, and then the radius is used
     * up for sure. Whether a given drift flips an element is up to the block.
     */
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
        int changes = 0;
        for (Scenario scenario : ALL) {
            InterfaceCertificate certificate = scenario.certify(1, 3, -4).get(0);
            ElementComparison comparison = certificate.findings().comparison();
            assertEquals(
                    changedElements(scenario.baseline, certificate.findings()),
                    comparison.changed(),
                    scenario.repeat());
            if (comparison.changed() == 0) {
                continue;
            }
            changes++;
            assertTrue(comparison.utilisation() > 1, scenario.repeat());
            assertTrue(comparison.changes().size() <= ElementComparison.MOST_CHANGES);
            for (ElementComparison.Change change : comparison.changes()) {
                assertTrue(
                        change.margin() > certificate.findings().budget().total(),
                        scenario.repeat());
            }
            assertWaitsForDrift(scenario, certificate);
        }
        assertTrue(2 * changes >= ALL.size(), changes + " of " + ALL.size() + " blocks changed");
    }

    private static int changedElements(
            InterfaceBaseline baseline, InterfaceCertificate.Findings findings) {
        Structure before = baseline.structure();
        Structure now = findings.structure();
        double error = findings.budget().total();
        int changed = 0;
        for (int a = 0; a < now.groups(); a++) {
            double theta = baseline.rule().theta(a);
            for (int j = 0; j < now.columns(); j++) {
                double energy = now.energy(a, j);
                double below = before.energy(a, j) > theta ? energy + error : energy - error;
                boolean flipped = before.energy(a, j) > theta ? below < theta : below > theta;
                changed += baseline.certified().activity(a, j) && flipped ? 1 : 0;
            }
            for (int b = a + 1; b < now.groups(); b++) {
                boolean flipped =
                        before.edge(a, b) != now.edge(a, b) && now.edgeMargin(a, b) > error;
                changed += baseline.certified().edge(a, b) && flipped ? 1 : 0;
            }
        }
        return changed;
    }

    private static void assertWaitsForDrift(Scenario scenario, InterfaceCertificate certificate) {
        AlertOptions waiting = AlertOptions.defaults(1);
        AlertState state = AlertState.start(scenario.baseline, waiting);
        assertEquals(
                0,
                raised(
                        Alerts.decide(state, scenario.baseline, certificate, waiting).transitions(),
                        AlertKind.STRUCTURE_CHANGED));
        AlertOptions eager = waiting.withStructureNeedsDrift(false);
        AlertDecision decision = Alerts.decide(state, scenario.baseline, certificate, eager);
        assertEquals(1, raised(decision.transitions(), AlertKind.STRUCTURE_CHANGED));
        assertEquals(
                decision.state().digest(),
                Alerts.decide(state, scenario.baseline, certificate, eager).state().digest());
    }

    @Test
    void noChangedElementWhileTheUtilisationIsBelowOne() {
        Random random = Cases.random(51);
        for (Scenario scenario : ALL) {
            InterfaceBaseline baseline = scenario.baseline;
            Structure reference = baseline.structure();
            for (int trial = 0; trial < 1_000; trial++) {
                double[] d = Cases.gaussian(random, baseline.transportValues().length);
                double size = 2 * baseline.strictRadius() * random.nextDouble();
                d = Cases.plus(new double[d.length], d, size / baseline.display().columnNorm(d));
                double[] moved = Cases.plus(baseline.transportValues(), d, 1);
                Structure now = new Structure(baseline.display().energies(moved), baseline.rule());
                ElementComparison comparison =
                        new StructureComparison(baseline, now, 1e-12).run(size);
                if (comparison.utilisationUpper() < 1) {
                    assertEquals(0, comparison.changed(), scenario.repeat());
                    assertTrue(comparison.consumption().largest() < 1, scenario.repeat());
                }
                assertEquals(
                        reference.groups() * reference.columns() + 6,
                        comparison.same()
                                + comparison.changed()
                                + comparison.unresolved()
                                + comparison.uncertified());
            }
        }
    }

    @Test
    void lossOfTheCertificateIsSaidAndResolved() {
        AlertOptions options = STRICT;
        AlertState state = AlertState.start(any.baseline, options);
        InterfaceCertificate none =
                Certificates.certify(any.baseline, new InterfaceMoments(any.x, any.y));
        assertTrue(none.refused());
        AlertDecision decision = Alerts.decide(state, any.baseline, none, options);
        assertEquals(1, raised(decision.transitions(), AlertKind.CERTIFICATE_LOST));
        assertEquals(
                0,
                Alerts.decide(decision.state(), any.baseline, none, options).transitions().size());
        AlertState[] after = {decision.state()};
        List<AlertTransition> calm =
                decide(after, any, any.certify(options.calmPanes(), 0, 0), options);
        assertEquals(1, calm.size());
        assertFalse(calm.get(0).raised());
    }

    @Test
    void shardsGiveTheCertificateOfTheWhole() {
        for (Scenario scenario : ALL) {
            for (int shards : new int[] {2, 5}) {
                List<InterfaceMoments> parts =
                        scenario.block.panes(scenario.x, scenario.y, 4_000 / shards, shards);
                InterfaceMoments merged = new InterfaceMoments(scenario.x, scenario.y);
                InterfaceMoments reversed = new InterfaceMoments(scenario.x, scenario.y);
                for (int i = 0; i < shards; i++) {
                    merged.merge(parts.get(i));
                    reversed.merge(parts.get(shards - 1 - i));
                }
                InterfaceCertificate.Findings a =
                        Certificates.certify(scenario.baseline, merged).findings();
                InterfaceCertificate.Findings b =
                        Certificates.certify(scenario.baseline, reversed).findings();
                double error = a.budget().total() + b.budget().total();
                assertEquals(a.radius().value(), b.radius().value(), error, scenario.repeat());
                assertEquals(a.comparison().changed(), b.comparison().changed());
                assertTrue(a.structure().sameAs(b.structure()), scenario.repeat());
            }
        }
    }

    @Test
    void aBaselineIsItsBytes() {
        byte[] bytes = any.baseline.toBytes();
        InterfaceBaseline read = InterfaceBaseline.fromBytes(bytes, any.x, any.y);
        assertEquals(any.baseline.id(), read.id());
        assertArrayEquals(bytes, read.toBytes());
        assertEquals(any.baseline.radius(), read.radius());
        assertEquals(any.x.id(), FrozenWindow.fromBytes(any.x.toBytes()).id());
        assertThrows(
                CertificateFormatException.class,
                () -> InterfaceBaseline.fromBytes(bytes, any.y, any.x));
        for (int at : new int[] {0, 4, 70, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            try {
                assertNotEquals(
                        any.baseline.id(), InterfaceBaseline.fromBytes(damaged, any.x, any.y).id());
            } catch (CertificateFormatException e) {
                assertTrue(e.getMessage().contains("interface baseline"), e.getMessage());
            }
        }
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(
                CertificateFormatException.class,
                () -> InterfaceBaseline.fromBytes(longer, any.x, any.y));
    }

    @Test
    void otherWindowsAndBaselinesAreRefused() {
        InterfaceMoments swapped = new InterfaceMoments(any.y, any.x);
        assertThrows(
                IllegalArgumentException.class, () -> Certificates.certify(any.baseline, swapped));
        InterfaceCalibration other = any.calibrate(Scenario.OPTIONS.withTolerances(.04, .004));
        AlertOptions options = AlertOptions.defaults(1);
        AlertState state = AlertState.start(any.baseline, options);
        InterfaceCertificate certificate = any.certify(2_000);
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
        CertificateOptions options = Scenario.OPTIONS;
        Block block = any.block;
        InterfaceCalibration few =
                Certificates.calibrate(
                        "i", block.pane(any.x, any.y, 60), List.of(), groups, options);
        assertFalse(few.accepted());
        assertTrue(few.refusal().contains("reference rows"), few.refusal());
        InterfaceCalibration modes =
                Certificates.calibrate(
                        "i",
                        block.pane(any.x, any.y, 2_000),
                        List.of(),
                        groups,
                        options.withMode(CertificateOptions.Mode.SOURCE_MODES));
        assertEquals(
                "i: source modes do not pass the eigengap test: no eigengap test of the first window"
                        + " was made; use the physical display or a smaller window",
                modes.refusal());
        InterfaceCalibration full =
                Certificates.calibrate(
                        "i",
                        block.pane(any.x, any.y, 40_000),
                        List.of(),
                        groups,
                        options.withScope(CertificateOptions.Scope.FULL));
        assertFalse(full.accepted(), "the windows leave out more than the radius");
        InterfaceCalibration blind =
                Certificates.calibrate(
                        "i", block.pane(any.x, any.y, 40_000), List.of(), groups, options);
        assertTrue(blind.accepted(), blind.refusal());
        assertFalse(blind.baseline().pooling().accepted());
    }

    /** The spectrum of an exact moment whose leading directions lie apart, or two of them not. */
    private static EigengapTest modes(int k, boolean tied) {
        double[] eigenvalues = new double[Block.D];
        for (int i = 0; i < eigenvalues.length; i++) {
            eigenvalues[i] = 100.0 / (i + 1);
        }
        eigenvalues[1] = tied ? eigenvalues[2] * (1 + 1e-12) : eigenvalues[1];
        Ledger ledger = new Ledger(0, 0, 0, 400, 1e-9);
        return new EigengapTest(
                new Spectrum(Block.D, 1_000, eigenvalues, new double[0], ledger), k);
    }

    @Test
    void sourceModesNeedEveryModeApart() {
        RowGroups groups = RowGroups.equalBlocks(Block.D, 4);
        CertificateOptions options =
                Scenario.OPTIONS.withMode(CertificateOptions.Mode.SOURCE_MODES);
        InterfaceMoments reference = any.block.pane(any.x, any.y, 40_000);
        int k = any.x.rank();
        InterfaceCalibration tied =
                Certificates.calibrate(
                        "i", reference, List.of(), groups, options, modes(k, true), 1);
        assertTrue(
                tied.refusal()
                        .startsWith(
                                "i: source modes do not pass the eigengap test: mode 2 of "
                                        + k
                                        + " is not separated from the next: their gap 3.3"),
                tied.refusal());
        InterfaceCalibration apart =
                Certificates.calibrate(
                        "i", reference, List.of(), groups, options, modes(k, false), 1);
        assertTrue(apart.accepted(), apart.refusal());
        assertEquals(k, apart.baseline().structure().columns());
        InterfaceCertificate certificate =
                Certificates.certify(apart.baseline(), any.block.pane(any.x, any.y, 4_000));
        assertEquals(k, certificate.findings().structure().columns());
        int[] channels = {0, 3, 7};
        FrozenWindow chosen = FrozenWindow.ofChannels(new double[Block.D], channels);
        InterfaceCalibration ofChannels =
                Certificates.calibrate(
                        "i",
                        any.block.pane(chosen, any.y, 4_000),
                        List.of(),
                        groups,
                        options,
                        null,
                        1);
        assertTrue(
                ofChannels.refusal().contains("its window is a choice of channels"),
                ofChannels.refusal());
    }

    /** The whole protocol with supports by rank: calibrated, stored, quiet, and it finds drift. */
    @Test
    void supportsByRankAreCertifiedLikeThresholds() {
        CertificateOptions options =
                Scenario.OPTIONS.withThresholds(
                        new ThresholdOptions(.5, 1, .5, 0, 0, ThresholdOptions.Supports.RANK));
        int accepted = 0;
        for (Scenario scenario : ALL) {
            InterfaceCalibration calibration = scenario.calibrate(options);
            if (!calibration.accepted() || !calibration.baseline().pooling().accepted()) {
                assertFalse(calibration.accepted() && calibration.baseline() == null);
                continue;
            }
            accepted++;
            InterfaceBaseline baseline = calibration.baseline();
            for (int a = 0; a < 4; a++) {
                assertEquals(
                        baseline.rule().size(a),
                        baseline.structure().support(a).length,
                        scenario.repeat());
            }
            assertEquals(
                    baseline.id(),
                    InterfaceBaseline.fromBytes(baseline.toBytes(), scenario.x, scenario.y).id());
            List<InterfaceMoments> panes =
                    scenario.block.panes(
                            scenario.x, scenario.y, (int) baseline.pooling().rows(), 20);
            AlertState state = AlertState.start(baseline, STRICT);
            for (InterfaceMoments pane : panes) {
                InterfaceCertificate certificate = Certificates.certify(baseline, pane);
                for (int a = 0; a < 4; a++) {
                    assertEquals(
                            baseline.rule().size(a),
                            certificate.findings().structure().support(a).length,
                            scenario.repeat());
                }
                AlertDecision decision = Alerts.decide(state, baseline, certificate, STRICT);
                assertEquals(List.of(), decision.transitions(), scenario.repeat());
                state = decision.state();
            }
        }
        assertTrue(2 * accepted >= ALL.size(), accepted + " of " + ALL.size() + " accepted");
    }

    /** What only noise decides is not certified. */
    @Test
    void aReferenceOfNoiseIsRefused() {
        for (Scenario scenario : ALL) {
            InterfaceCalibration calibration =
                    Certificates.calibrate(
                            "noise",
                            scenario.block.unrelated(scenario.x, scenario.y, 4_000),
                            List.of(),
                            RowGroups.equalBlocks(Block.D, 4),
                            Scenario.OPTIONS);
            assertFalse(calibration.accepted(), scenario.repeat());
            assertTrue(calibration.refusal().contains("elements"), calibration.refusal());
        }
    }

    @Test
    void populationClaimsCarryTheirSamplingTerm() {
        SamplingAssumption assumption = new SamplingAssumption(.5, 2, 40, 120, .01);
        for (Scenario scenario : ALL) {
            InterfaceMoments small = scenario.block.pane(scenario.x, scenario.y, 2_000);
            InterfaceMoments large = small.copy();
            for (int i = 0; i < 3; i++) {
                scenario.block.addTo(large, 2_000);
            }
            Transport reference =
                    scenario.block.pane(scenario.x, scenario.y, 60_000).transport(Part.ALL);
            double before = assumption.bound(small.transport(Part.ALL));
            double after = assumption.bound(large.transport(Part.ALL));
            assertTrue(after < before * .75, before + " " + after + "; " + scenario.repeat());
            double[] difference =
                    Dense.subtract(reference.matrix(), small.transport(Part.ALL).matrix());
            double error = Dense.norm(difference);
            assertTrue(error < before, error + " " + before + "; " + scenario.repeat());
            CertificateOptions claiming = Scenario.OPTIONS.withSampling(assumption);
            assertTrue(claiming.budget(small.transport(Part.ALL)).sampling() > 0);
        }
    }
}
