package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.CertificateOptions.Mode;
import io.spectrawatch.spectral.certificate.CertificateOptions.Scope;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCertificate.Findings;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.structure.EnergyGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and alerts as both operators make them of a log. */
class CertificateJobTest {

    private static final String[] SETTINGS = {
        "alert.streams=2", "sketch.kind.frequent-directions.layers="
    };

    private static ModelBaseline baseline;
    private static String id;

    @BeforeAll
    static void calibrate() {
        baseline = new ChainModel().baseline();
        id = MemoryBaselines.add(baseline);
        for (int i = 0; i < 2; i++) {
            InterfaceBaseline each = baseline.interfaces().get(i).certificate();
            assertTrue(each.pooling().accepted(), each.pooling().toString());
            assertTrue(each.pooling().spectrumAccepted(), each.pooling().toString());
        }
    }

    private static List<OutputRecord> run(ChainLog log, int shards) throws Exception {
        return Harnesses.output(Harnesses.config(shards, SETTINGS), log.records());
    }

    private static List<InterfaceCertificate> certificates(List<OutputRecord> records) {
        return decoded(records, Topics.CERTIFICATES, InterfaceCertificate.class);
    }

    private static List<Alert> alerts(List<OutputRecord> records) {
        return decoded(records, Topics.ALERTS, Alert.class);
    }

    private static <T extends SpecificRecord> List<T> decoded(
            List<OutputRecord> records, Topics topic, Class<T> type) {
        return Harnesses.of(topic, records).stream()
                .map(record -> Wire.decode(record.value(), type))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theCertificateIsThatOfTheRowsForAnyNumberOfShards(int shards) throws Exception {
        ChainLog log = new ChainLog(shards).activate(id).panes(12, new ChainModel());
        List<OutputRecord> out = run(log, shards);
        List<InterfaceCertificate> found = certificates(out);
        assertTrue(found.size() >= 4, "certificates " + found.size());
        for (InterfaceCertificate certificate : found) {
            assertIsThatOfTheRows(baseline, certificate, log.log().records());
            assertEquals(id, certificate.getBaselineId());
            assertEquals(shards, certificate.getManifest().getShards().size());
            assertEquals(
                    certificate.getRows(),
                    certificate.getManifest().getShards().stream()
                            .mapToLong(s -> s.getRows())
                            .sum());
            assertEquals(
                    (certificate.getPaneEnd() - certificate.getPaneStart()) / TestLog.PANE,
                    certificate.getPanes());
        }
        for (LayerSketch sketch : decoded(out, Topics.SKETCHES, LayerSketch.class, "LayerSketch")) {
            assertEquals("anchor:" + id, sketch.getCentring());
        }
    }

    private static <T extends SpecificRecord> List<T> decoded(
            List<OutputRecord> records, Topics topic, Class<T> type, String name) {
        return Harnesses.of(topic, records).stream()
                .filter(r -> Wire.isA(r.value(), "io.spectrawatch.schemas." + name))
                .map(record -> Wire.decode(record.value(), type))
                .toList();
    }

    private static void assertIsThatOfTheRows(
            ModelBaseline baseline, InterfaceCertificate certificate, List<ShardRecord> records) {
        int index = certificate.getInterfaceName().equals(ChainModel.FIRST) ? 0 : 1;
        InterfaceBaseline own = baseline.interfaces().get(index).certificate();
        InterfaceMoments rows =
                ChainLog.direct(
                        records,
                        baseline,
                        index,
                        certificate.getPaneStart(),
                        certificate.getPaneEnd());
        assertEquals(rows.rows(), certificate.getRows());
        assertTrue(rows.rows() >= own.pooling().rows());
        Findings direct = Certificates.certify(own, rows).findings();
        CertificateFindings job = certificate.getFindings();
        double error = direct.budget().total() + job.getEpsilon().getTotal();
        assertEquals(direct.radius().value(), job.getRadius(), error, TestLog.repeat());
        assertEquals(direct.comparison().same(), job.getSame());
        assertEquals(direct.comparison().changed(), job.getChanged());
        for (int group = 0; group < direct.structure().groups(); group++) {
            assertEquals(
                    Arrays.stream(direct.structure().support(group)).boxed().toList(),
                    job.getSupports().get(group));
        }
        EnergyGrid grid = EnergyGrid.of(direct.structure());
        assertEquals(grid.firstGroups(), job.getBlocks().getFirstGroups());
        assertEquals(grid.firstColumns(), job.getBlocks().getFirstColumns());
        for (int i = 0; i < grid.energies().size(); i++) {
            assertEquals(grid.energies().get(i), job.getBlocks().getEnergies().get(i), error);
        }
        assertEquals(
                EnergyGrid.of(own.structure()).energies(), job.getBlocks().getReferenceEnergies());
        assertEquals(direct.escapeX(), job.getEscapeX(), 1e-9);
        assertEquals(direct.driftScore(), job.getDriftScore(), 1e-6);
        assertEquals(direct.spectrumScore(), job.getSpectrumScore(), 1e-6);
        assertEquals(direct.attribution().name(), job.getAttribution());
        assertEquals(2, job.getCharts().size());
        assertEquals(
                direct.x().chart().exponent().estimate(),
                job.getCharts().get(0).getExponent().getEstimate(),
                1e-6);
    }

    /** What a baseline may be besides the default. */
    private enum Variant {
        RANK,
        SOURCE_MODES,
        CHANNELS,
        FULL;

        ModelBaseline baseline() {
            CertificateOptions options = ChainModel.options();
            CertificateOptions chosen =
                    switch (this) {
                        case RANK -> ChainModel.optionsByRank();
                        case SOURCE_MODES -> options.withMode(Mode.SOURCE_MODES);
                        case CHANNELS -> options;
                        case FULL -> options.withScope(Scope.FULL);
                    };
            int[] channels = {0, 1, 2, 3, 5, 8, 9, 10, 11};
            return new ChainModel()
                    .baseline(TestLog.DIGEST, chosen, this == CHANNELS ? channels : null);
        }
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void everyOptionOfABaselineIsCertifiedAsItSays(Variant variant) throws Exception {
        ModelBaseline other = variant.baseline();
        ChainLog log =
                new ChainLog(2).activate(MemoryBaselines.add(other)).panes(12, new ChainModel());
        List<OutputRecord> out = run(log, 2);
        List<InterfaceCertificate> found = certificates(out);
        assertTrue(found.size() >= 4, "certificates " + found.size());
        for (InterfaceCertificate certificate : found) {
            assertEquals(other.id(), certificate.getBaselineId());
            assertIsThatOfTheRows(other, certificate, log.log().records());
        }
        assertEquals(List.of(), alerts(out), TestLog.repeat());
        CertificateFindings first =
                found.stream()
                        .filter(c -> c.getInterfaceName().equals(ChainModel.FIRST))
                        .findFirst()
                        .orElseThrow()
                        .getFindings();
        InterfaceBaseline own = other.interfaces().get(0).certificate();
        switch (variant) {
            case RANK -> {
                for (int a = 0; a < own.structure().groups(); a++) {
                    assertEquals(
                            own.structure().support(a).length, first.getSupports().get(a).size());
                }
            }
            case SOURCE_MODES -> assertEquals(own.windowX().rank(), own.structure().columns());
            case CHANNELS -> assertEquals(3, first.getSupports().size(), "blocks with a channel");
            case FULL -> assertEquals(0, first.getEpsilon().getTruncation(), 1e-6);
        }
    }

    @Test
    void nothingChangedNothingRaised() throws Exception {
        ChainLog log = new ChainLog(2).activate(id).panes(24, new ChainModel());
        List<OutputRecord> out = run(log, 2);
        assertEquals(List.of(), alerts(out), TestLog.repeat());
        assertChained(certificates(out), ChainModel.FIRST);
        assertChained(certificates(out), ChainModel.SECOND);
    }

    /** Every certificate continues the state of the one before. */
    private static void assertChained(List<InterfaceCertificate> all, String name) {
        String state = null;
        long end = 0;
        int count = 0;
        for (InterfaceCertificate each : all) {
            if (each.getInterfaceName().equals(name)) {
                assertTrue(state == null || state.equals(each.getStateBefore()), name);
                assertNotEquals(each.getStateBefore(), each.getStateAfter());
                assertEquals(end, each.getPaneStart());
                state = each.getStateAfter();
                end = each.getPaneEnd();
                count++;
            }
        }
        assertTrue(count > 2, name + " " + count);
    }

    @Test
    void inputDriftIsRaisedOnceNamedAndResolved() throws Exception {
        ChainLog log =
                new ChainLog(2)
                        .activate(id)
                        .panes(6, new ChainModel())
                        .panes(30, new ChainModel().driftInput(2))
                        .panes(24, new ChainModel());
        List<OutputRecord> out = run(log, 2);
        List<Alert> first = of("CERTIFICATE_DRIFT", ChainModel.FIRST, alerts(out));
        assertEquals(
                List.of(AlertTransition.RAISED, AlertTransition.RESOLVED),
                first.stream().map(Alert::getTransition).toList(),
                TestLog.repeat());
        Alert raised = first.get(0);
        assertTrue(raised.getText().contains("input drift"), raised.getText());
        assertTrue(
                raised.getText().contains("it is the first interface of the chain that moved"),
                raised.getText());
        assertTrue(raised.getStatistic().getLower() >= raised.getThreshold());
        assertEquals("1", raised.getEvidence().get("epoch"));
        assertTrue(raised.getPaneStart() >= 6 * TestLog.PANE);
        assertTrue(first.get(1).getPaneStart() >= 36 * TestLog.PANE);
        assertNotNull(raised.getManifest());
        assertEquals(
                1,
                of("SPECTRUM_DRIFT", ChainModel.FIRST, alerts(out)).stream()
                        .filter(a -> a.getTransition() == AlertTransition.RAISED)
                        .count());
        List<String> ids = alerts(out).stream().map(Alert::getId).toList();
        assertEquals(ids.size(), ids.stream().distinct().count());
        InterfaceCertificate deciding =
                certificates(out).stream()
                        .filter(c -> c.getPaneEnd() == raised.getPaneEnd())
                        .filter(c -> c.getInterfaceName().equals(ChainModel.FIRST))
                        .findFirst()
                        .orElseThrow();
        assertTrue(deciding.getActiveAlerts().contains("CERTIFICATE_DRIFT"));
        assertEquals(deciding.getStateAfter(), raised.getEvidence().get("stateAfter"));
        assertTrue(deciding.getEvidence().get(0).getAlarmed());
    }

    @Test
    void mechanismDriftIsNamedAndItsFollowersPointToIt() throws Exception {
        ChainLog log =
                new ChainLog(2)
                        .activate(id)
                        .panes(6, new ChainModel())
                        .panes(40, new ChainModel().driftMechanism(3));
        List<Alert> alerts = alerts(run(log, 2));
        Alert first = of("SPECTRUM_DRIFT", ChainModel.FIRST, alerts).get(0);
        assertTrue(first.getText().contains("mechanism drift"), first.getText());
        List<Alert> behind = of("SPECTRUM_DRIFT", ChainModel.SECOND, alerts);
        assertEquals(1, behind.size(), TestLog.repeat());
        assertTrue(
                behind.get(0)
                        .getText()
                        .contains(
                                "the first interface of the chain that moved is embed->block:"
                                        + " mechanism drift"),
                behind.get(0).getText());
    }

    private static List<Alert> of(String kind, String part, List<Alert> alerts) {
        List<Alert> found = new ArrayList<>();
        for (Alert alert : alerts) {
            if (alert.getKind().equals(kind) && alert.getPart().equals(part)) {
                found.add(alert);
            }
        }
        List<String> texts = alerts.stream().map(Alert::getText).toList();
        assertTrue(!found.isEmpty(), "no " + kind + " on " + part + ": " + texts);
        return found;
    }

    @Test
    void anActivationInTheMiddleOfAPoolEndsItAndBeginsTheNextEpoch() throws Exception {
        ModelBaseline other =
                new ChainModel()
                        .baseline(TestLog.DIGEST, ChainModel.options().withTolerances(.25, .008));
        String next = MemoryBaselines.add(other);
        ChainLog log =
                new ChainLog(2)
                        .activate(id)
                        .panes(4, new ChainModel())
                        .activate(next)
                        .panes(6, new ChainModel())
                        .activate(null)
                        .panes(2, new ChainModel())
                        .activate(next)
                        .panes(4, new ChainModel());
        List<InterfaceCertificate> all = certificates(run(log, 2));
        for (InterfaceCertificate each : all) {
            long switched = 4 * TestLog.PANE;
            assertTrue(each.getPaneEnd() <= switched || each.getPaneStart() >= switched);
            assertEquals(each.getPaneEnd() <= switched ? id : next, each.getBaselineId());
        }
        List<InterfaceCertificate> ended =
                all.stream().filter(c -> c.getStatus() == CertificateStatus.REFUSED).toList();
        assertTrue(!ended.isEmpty());
        for (InterfaceCertificate each : ended) {
            assertTrue(each.getReason().contains("went out of force"), each.getReason());
            assertTrue(each.getRows() > 0);
            assertNull(each.getFindings());
            assertNotNull(each.getManifest());
        }
        assertEquals(1, epoch(all, 0, 4));
        assertEquals(2, epoch(all, 4, 10));
        assertEquals(3, epoch(all, 12, 16));
    }

    private static int epoch(List<InterfaceCertificate> all, int fromPane, int toPane) {
        return all.stream()
                .filter(c -> c.getPaneStart() >= fromPane * TestLog.PANE)
                .filter(c -> c.getPaneEnd() <= toPane * TestLog.PANE)
                .filter(c -> c.getFindings() != null)
                .findFirst()
                .orElseThrow()
                .getEvidence()
                .get(0)
                .getEpoch();
    }

    @Test
    void alertsEndWithTheirBaseline() throws Exception {
        ChainLog log =
                new ChainLog(1)
                        .activate(id)
                        .panes(24, new ChainModel().driftInput(2))
                        .activate(null)
                        .panes(2, new ChainModel());
        List<Alert> drift = of("CERTIFICATE_DRIFT", ChainModel.FIRST, alerts(run(log, 1)));
        assertEquals(2, drift.size());
        assertEquals(AlertTransition.RESOLVED, drift.get(1).getTransition());
        assertTrue(drift.get(1).getText().contains("none is in force now"), drift.get(1).getText());
    }
}
