package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.exporter.common.TextFormat;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.MonitorRecords;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.ops.Promtool;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.BindingTest;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.ExponentInterval;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.MarginConsumption;
import io.spectrawatch.schemas.Movement;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.schemas.UnwatchedLayer;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus is told of certificates, alerts and scores. */
class MetricsTest {

    private static final int MOST = 3;
    private static final String FACE = "h.0->h.1";
    private static final String WHERE = "{model=\"m\",version=\"1\",interface=\"h.0->h.1\",";

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private final Counter dropped =
            Counter.build("dropped_total", "Records not shown.").labelNames("type").create();
    private final CertificateMetrics certificates =
            new CertificateMetrics(MOST, dropped.labels("certificate"));
    private final ScoreMetrics scores = new ScoreMetrics(null, MOST, dropped.labels("score"));
    private final GrowthMetrics growth = new GrowthMetrics(MOST, dropped.labels("growth"));
    private final AlertMetrics alerts = new AlertMetrics(MOST, dropped.labels("alert"));

    @BeforeEach
    void register() {
        certificates.registerAt(registry);
        scores.registerAt(registry);
        growth.registerAt(registry);
        alerts.registerAt(registry);
        dropped.register(registry);
    }

    @Test
    void aCertificateIsShownWithItsBounds() throws Exception {
        certificates.accept(certificate(FACE, 60, List.of()));

        assertShown("spectrawatch_certificate_radius" + WHERE + "} 0.25");
        assertShown("spectrawatch_certificate_error" + WHERE + "term=\"roundoff\",} 1.0E-12");
        assertShown("spectrawatch_certificate_utilisation" + WHERE + "} 0.5");
        assertShown("spectrawatch_certificate_utilisation_upper" + WHERE + "} 0.75");
        assertShown("spectrawatch_certificate_resolved_ratio" + WHERE + "} 0.875");
        assertShown("spectrawatch_certificate_margin_consumption" + WHERE + "} 0.125");
        assertShown("spectrawatch_certificate_margin_consumption_error" + WHERE + "} 4.0E-12");
        assertShown("spectrawatch_certificate_evidence" + WHERE + "test=\"drift\",} 1.5");
        assertShown("spectrawatch_certificate_evidence" + WHERE + "test=\"spectrum\",} -0.5");
        assertShown(
                "spectrawatch_certificate_evidence_threshold" + WHERE + "test=\"drift\",} 7.25");
        assertShown("spectrawatch_certificate_elements" + WHERE + "verdict=\"changed\",} 2.0");
        assertShown("spectrawatch_certificate_rotation_sine" + WHERE + "layer=\"h.0\",} 0.5");
        assertShown(
                "spectrawatch_certificate_rotation_sine_error" + WHERE + "layer=\"h.0\",} 1.0E-9");
        assertShown("spectrawatch_certificate_status" + WHERE + "status=\"partial\",} 1.0");
        assertShown("spectrawatch_certificate_status" + WHERE + "status=\"issued\",} 0.0");
        assertShown("spectrawatch_certificates_total" + WHERE + "status=\"partial\",} 1.0");
        Promtool.check(scrape());
    }

    @Test
    void theNewestPaneCountsWhateverTheOrder() throws Exception {
        certificates.accept(refused(120));
        certificates.accept(certificate(FACE, 60, List.of()));

        assertShown("spectrawatch_certificate_status" + WHERE + "status=\"refused\",} 1.0");
        assertShown("spectrawatch_certificates_total" + WHERE + "status=\"refused\",} 1.0");
        assertShown(
                "spectrawatch_certificate_evidence_threshold" + WHERE + "test=\"drift\",} 7.25");
        assertFalse(scrape().contains("spectrawatch_certificate_radius"), "nothing was certified");
        assertFalse(
                scrape().contains("spectrawatch_certificate_evidence{"), "no score was taken yet");
        Promtool.check(scrape());
    }

    @Test
    void anAlertStandsFromRaisedToResolved() throws Exception {
        alerts.accept(alert("CERTIFICATE_DRIFT", FACE, AlertTransition.RAISED, 60, null));
        String active = "spectrawatch_alert_active" + WHERE + "kind=\"CERTIFICATE_DRIFT\",} ";
        String total = "spectrawatch_alerts_total{model=\"m\",version=\"1\",kind=\"";
        assertShown(active + "1.0");
        assertShown(total + "CERTIFICATE_DRIFT\",} 1.0");
        Promtool.check(scrape());

        alerts.accept(alert("CERTIFICATE_DRIFT", FACE, AlertTransition.RESOLVED, 120, null));
        assertShown(active + "0.0");
        assertShown(total + "CERTIFICATE_DRIFT\",} 1.0");

        alerts.accept(alert("CERTIFICATE_DRIFT", FACE, AlertTransition.RAISED, 60, null));
        assertShown(active + "0.0");
    }

    @Test
    void certificatesSayWhatStandsToAnExporterThatStartedLater() throws Exception {
        alerts.accept(certificate(FACE, 60, List.of("SPECTRUM_DRIFT")));
        String active = "spectrawatch_alert_active" + WHERE + "kind=\"SPECTRUM_DRIFT\",} ";
        assertShown(active + "1.0");

        alerts.accept(certificate(FACE, 120, List.of()));
        assertShown(active + "0.0");
        assertFalse(scrape().contains("spectrawatch_alerts_total{"), "no alert was seen raised");
    }

    @Test
    void alertsAboutASampleAreCountedAndDoNotStand() throws Exception {
        alerts.accept(alert("ADVERSARIAL", null, AlertTransition.RAISED, 60, "r1"));
        alerts.accept(alert("ADVERSARIAL", null, AlertTransition.RAISED, 60, "r2"));
        alerts.accept(alert("UNDER_ATTACK", null, AlertTransition.RAISED, 60, null));

        assertShown(
                "spectrawatch_alerts_total{model=\"m\",version=\"1\",kind=\"ADVERSARIAL\",} 2.0");
        assertShown(
                "spectrawatch_alert_active{model=\"m\",version=\"1\",interface=\"\",kind=\"UNDER_ATTACK\",}"
                        + " 1.0");
        assertFalse(scrape().contains("r1"), "no metric names a sample");
        Promtool.check(scrape());
    }

    /** The grammar of an exemplar in OpenMetrics 1.0. */
    private String exemplar(String name) throws IOException {
        StringWriter text = new StringWriter();
        TextFormat.writeOpenMetrics100(text, registry.metricFamilySamples());
        String line =
                text.toString().lines().filter(each -> each.startsWith(name)).findFirst().get();
        int mark = line.indexOf(" # ");
        if (mark < 0) {
            return "";
        }
        String found = line.substring(mark + 3);
        assertTrue(
                found.matches("\\{(\\w+=\"[^\"]*\",?)+} 1\\.0 \\d+\\.\\d{3}"),
                "no exemplar: " + found);
        return found.substring(0, found.indexOf('}') + 1);
    }

    @Test
    void aCountLeadsToTheAlertAndTheTraceThatItCountedLast() throws Exception {
        String total = "spectrawatch_alerts_total{";
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        alerts.accept(MadeAlerts.attack("3fa1", "eve", AlertTransition.RAISED, 1));
        assertEquals("{alert_id=\"3fa1\",trace_id=\"" + trace + "\"}", exemplar(total));
        Alert other = MadeAlerts.attack("3fa2", "eve", AlertTransition.RAISED, 2);
        SampleContext odd = new SampleContext("s", "\"} 1 # <script>", null, Map.of());
        alerts.accept(
                Alert.newBuilder(other)
                        .setExamples(
                                List.of(
                                        SampleExample.newBuilder(other.getExamples().get(0))
                                                .setContext(odd)
                                                .build()))
                        .build());
        assertEquals("{alert_id=\"3fa2\"}", exemplar(total));
        Alert longer = MadeAlerts.attack("f".repeat(120), "eve", AlertTransition.RAISED, 3);
        alerts.accept(longer);
        assertEquals("{alert_id=\"" + longer.getId() + "\"}", exemplar(total));
        alerts.accept(MadeAlerts.attack("f".repeat(121), "eve", AlertTransition.RAISED, 4));
        assertEquals("{alert_id=\"" + longer.getId() + "\"}", exemplar(total));

        String samples = "spectrawatch_suspicious_samples_total{";
        SampleScores plain = score("m", .001, "ADVERSARIAL");
        scores.accept(plain);
        assertEquals("", exemplar(samples));
        scores.accept(
                SampleScores.newBuilder(plain)
                        .setContext(new SampleContext("s", trace, null, Map.of()))
                        .build());
        assertEquals("{trace_id=\"" + trace + "\"}", exemplar(samples));
        assertFalse(scrape().contains(trace), "the older format has no exemplars");
    }

    @Test
    void clientsUnderAttackAreCountedNotNamed() throws Exception {
        String active =
                "spectrawatch_alert_active{model=\"m\",version=\"1\",interface=\"\",kind=\"CLIENT_UNDER_ATTACK\",}"
                        + " ";
        alerts.accept(client("mallory", AlertTransition.RAISED, 60, "1"));
        alerts.accept(client("trudy", AlertTransition.RAISED, 120, "2"));
        assertShown(active + "2.0");
        alerts.accept(client("mallory", AlertTransition.RESOLVED, 180, "1"));
        assertShown(active + "1.0");
        alerts.accept(client("trudy", AlertTransition.RESOLVED, 240, "0"));
        assertShown(active + "0.0");
        alerts.accept(client("eve", AlertTransition.RAISED, 300, "no number"));
        assertShown(active + "1.0");
        assertFalse(scrape().contains("mallory"), "no metric names a client");
        Promtool.check(scrape());
    }

    private static Alert client(String name, AlertTransition transition, long end, String count) {
        Map<String, String> evidence = Map.of("client", name, "clientsStanding", count);
        return alert("CLIENT_UNDER_ATTACK", null, transition, end, null, evidence);
    }

    @Test
    void scoresAreADistributionAndCountsOfWhatTheyWereCalled() throws Exception {
        for (double p : new double[] {.0005, .003, .2, .9}) {
            scores.accept(score("m", p, p <= .003 ? "ADVERSARIAL" : null));
        }
        String where = "{model=\"m\",version=\"1\",";
        assertShown("spectrawatch_sample_scores_bucket" + where + "le=\"0.001\",} 1.0");
        assertShown("spectrawatch_sample_scores_bucket" + where + "le=\"0.005\",} 2.0");
        assertShown("spectrawatch_sample_scores_bucket" + where + "le=\"1.0\",} 4.0");
        assertShown("spectrawatch_pair_scores_bucket" + where + "le=\"0.001\",} 1.0");
        assertShown("spectrawatch_pair_scores_bucket" + where + "le=\"1.0\",} 2.0");
        assertShown("spectrawatch_suspicious_samples_total" + where + "kind=\"ADVERSARIAL\",} 2.0");
        assertFalse(scrape().contains("sample-"), "no metric names a sample");
        Promtool.check(scrape());
    }

    @Test
    void aSegmentHasSeriesOfItsOwn() throws Exception {
        growth.accept(
                new GainGrowth("m", "1", "d", 0L, 60L, "b", 900L, 9L, 3L, 2.5, 1.5, 0.5, null));
        growth.accept(
                new GainGrowth(
                        "m", "1", "d", 0L, 60L, "c", 900L, 9L, 3L, 4.5, 1.5, 0.5, "route=\"/a\""));
        String kind = "version=\"1\",kind=\"log_volume\",} ";
        assertShown("spectrawatch_gain_growth{model=\"m\"," + kind + "2.5");
        assertShown("spectrawatch_gain_growth{model=\"m[route=\\\"/a\\\"]\"," + kind + "4.5");
        Promtool.check(scrape());
    }

    @Test
    void incompleteSamplesAreCountedByReasonAndInNothingElse() throws Exception {
        scores.accept(score("m", .2, null));
        scores.accept(incomplete("EVICTED"));
        scores.accept(incomplete("EVICTED"));
        scores.show(incomplete("NO_LAST_PART"));
        String where = "{model=\"m\",version=\"1\",";
        String counted = "spectrawatch_incomplete_samples_total" + where;
        assertShown(counted + "reason=\"EVICTED\",} 2.0");
        assertShown(counted + "reason=\"NO_LAST_PART\",} 0.0");
        assertShown("spectrawatch_sample_scores_bucket" + where + "le=\"1.0\",} 1.0");
    }

    private static SampleScores incomplete(String reason) {
        return SampleScores.newBuilder(score("m", 1, null)).setIncomplete(reason).build();
    }

    @Test
    void oneAttributeOfSamplesMayBeALabelOfFewValues() throws Exception {
        CollectorRegistry own = new CollectorRegistry(true);
        ScoreMetrics labelled = new ScoreMetrics("route", 100, dropped.labels("label"));
        labelled.registerAt(own);
        labelled.accept(score("m", .2, null));
        for (int i = 0; i < ScoreMetrics.MOST_SEGMENTS + 2; i++) {
            SampleContext context =
                    new SampleContext(null, null, null, Map.of("route", "/" + i, "user", "u" + i));
            labelled.accept(
                    SampleScores.newBuilder(score("m", .001, "ADVERSARIAL"))
                            .setContext(context)
                            .build());
        }
        StringWriter text = new StringWriter();
        TextFormat.write004(text, own.metricFamilySamples());
        String where = "{model=\"m\",version=\"1\",segment=\"";
        for (String line :
                List.of(
                        "spectrawatch_sample_scores_count" + where + "\",} 1.0",
                        "spectrawatch_sample_scores_count" + where + "/0\",} 1.0",
                        "spectrawatch_sample_scores_count" + where + "other\",} 2.0",
                        "spectrawatch_suspicious_samples_total"
                                + where
                                + "/19\",kind=\"ADVERSARIAL\",} 1.0")) {
            assertTrue(text.toString().contains(line), line);
        }
        assertFalse(text.toString().contains("/20"), "too many values");
        assertFalse(text.toString().contains("u0"), "another attribute");
    }

    @Test
    void growthIsThatOfTheLastPane() throws Exception {
        growth.accept(
                new GainGrowth("m", "1", "d", 0L, 60L, "b", 900L, 9L, 3L, 2.5, 1.5, 0.5, null));
        growth.accept(
                new GainGrowth("m", "1", "d", 60L, 120L, "b", 0L, 0L, 0L, 0.0, 0.0, 0.0, null));
        growth.accept(
                new GainGrowth("m", "2", "d", 0L, 60L, "b", 900L, 9L, 3L, 2.5, 1.5, 0.5, null));
        String second = "{model=\"m\",version=\"2\",";
        assertShown("spectrawatch_gain_growth" + second + "kind=\"log_volume\",} 2.5");
        assertShown("spectrawatch_gain_growth" + second + "kind=\"angle\",} 0.5");
        assertShown("spectrawatch_gain_outside_share" + second + "} 0.01");
        assertShown("spectrawatch_gain_outside_share{model=\"m\",version=\"1\",} 0.0");
        assertShown("spectrawatch_gain_violation_share{model=\"m\",version=\"1\",} 0.0");
        Promtool.check(scrape());
    }

    /** As the monitor writes it. */
    @Test
    void whoLosesItsPlaceIsCounted() throws Exception {
        RecordMetrics metrics = new RecordMetrics(null, 10);
        CollectorRegistry own = new CollectorRegistry(true);
        metrics.registerAt(own);
        TestLog log = new TestLog(1).tickAll(0);
        List<Layer> layers = List.of(TestLog.layer("h", 0, 2, 1, 2, 3, 4));
        for (long pane = 0; pane < 6; pane++) {
            String model = pane == 0 ? "idle" : pane == 5 ? "new" : "steady";
            log.add(
                    0,
                    ActivationSnapshot.newBuilder(
                                    TestLog.snapshot(pane * TestLog.PANE, "d", layers))
                            .setModelId(model)
                            .build());
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        List<OutputRecord> records =
                MonitorRecords.of(
                        log.tickAll(7 * TestLog.PANE).records(),
                        1,
                        "models.max=2",
                        "models.idle.panes=1");
        for (OutputRecord record : records) {
            metrics.accept(Wire.decode(record.value()), RecordMetrics.Mode.COUNT);
        }
        String[] labels = {"model", "version"};
        String name = "spectrawatch_models_evicted_total";
        assertEquals(1, own.getSampleValue(name, labels, new String[] {"idle", "1"}));
        assertEquals(
                0,
                own.getSampleValue(
                        "spectrawatch_snapshots_unwatched_total",
                        labels,
                        new String[] {"idle", "1"}));
    }

    @Test
    void whatIsNotWatchedIsThatOfTheLastPane() throws Exception {
        UnwatchedMetrics unwatched = new UnwatchedMetrics(10, new Counter.Child());
        unwatched.registerAt(registry);
        List<UnwatchedLayer> layers =
                List.of(new UnwatchedLayer("h0", 0, 9, 5L), new UnwatchedLayer("h1", 1, 9, 5L));
        unwatched.accept(
                new UnwatchedLayers("m", "1", "d", 0L, 60L, null, 0L, layers, 3L, "budget", null));
        assertShown("spectrawatch_layers_unwatched{model=\"m\",version=\"1\",} 5.0");
        unwatched.accept(
                new UnwatchedLayers(
                        "m", "1", "d", 60L, 120L, null, 0L, List.of(), 0L, "budget", null));
        assertShown("spectrawatch_layers_unwatched{model=\"m\",version=\"1\",} 0.0");
        for (int pane = 0; pane < 2; pane++) {
            unwatched.accept(
                    new UnwatchedLayers(
                            "*", "*", "*", 0L, 60L, "places", 7L, List.of(), 0L, "budget", null));
        }
        assertShown("spectrawatch_snapshots_unwatched_total{model=\"*\",version=\"*\",} 14.0");
        Promtool.check(scrape());
    }

    @Test
    void labelsAreEscaped() throws Exception {
        certificates.accept(certificate("a\"b\\c\nd", 60, List.of()));
        assertShown("interface=\"a\\\"b\\\\c\\nd\"");
        Promtool.check(scrape());
    }

    @Test
    void furtherSeriesThanTheLimitAreCountedInstead() throws Exception {
        for (int i = 0; i < MOST + 2; i++) {
            certificates.accept(certificate("i" + i, 60, List.of()));
            scores.accept(score("m" + i, .5, "KIND"));
            alerts.accept(alert("KIND" + i, FACE, AlertTransition.RAISED, 60, null));
        }
        certificates.accept(certificate("i0", 60, List.of()));

        assertShown("dropped_total{type=\"certificate\",} 2.0");
        assertShown("dropped_total{type=\"score\",} 4.0");
        assertShown("dropped_total{type=\"alert\",} 4.0");
        assertFalse(scrape().contains("i" + MOST));
        assertEquals(
                MOST,
                scrape().lines().filter(l -> l.startsWith("spectrawatch_alert_active{")).count());
    }

    private void assertShown(String line) throws IOException {
        assertTrue(scrape().contains(line), () -> line + " is not in\n" + unchecked());
    }

    private String unchecked() {
        try {
            return scrape();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String scrape() throws IOException {
        StringWriter text = new StringWriter();
        TextFormat.write004(text, registry.metricFamilySamples());
        return text.toString();
    }

    private static InterfaceCertificate certificate(
            String name, long paneEnd, List<String> active) {
        return new InterfaceCertificate(
                "m",
                "1",
                "ab12",
                name,
                "h.0",
                "h.1",
                0L,
                paneEnd,
                2,
                20_000L,
                "b1",
                "i1",
                CertificateStatus.PARTIAL,
                "2 elements were dropped at calibration",
                findings(),
                List.of(
                        new TestEvidence("drift", 1.5, 7.25, 0.02, 1, 2L, false, ""),
                        new TestEvidence("spectrum", -0.5, 7.25, 0.002, 1, 2L, false, "")),
                active,
                "s0",
                "s1",
                null,
                null,
                null);
    }

    private static InterfaceCertificate refused(long paneEnd) {
        return new InterfaceCertificate(
                "m",
                "1",
                "ab12",
                FACE,
                "h.0",
                "h.1",
                0L,
                paneEnd,
                1,
                5L,
                "b1",
                "i1",
                CertificateStatus.REFUSED,
                "at least 1000 rows expected, found 5",
                null,
                List.of(new TestEvidence("drift", null, 7.25, 0.02, 1, 0L, false, "")),
                List.of(),
                "s0",
                "s1",
                null,
                null,
                null);
    }

    private static CertificateFindings findings() {
        return new CertificateFindings(
                "PHYSICAL",
                "WINDOWED",
                2,
                3,
                0.25,
                new BindingTest("ACTIVITY", 1, -1, 2),
                0.5,
                new ErrorTerms(0.0, 0.0, 1e-12, 0.0, 1e-12),
                new ErrorTerms(0.0, 0.0, 2e-12, 0.0, 2e-12),
                0.125,
                0.0625,
                0.03125,
                5,
                2,
                1,
                2,
                0.875,
                List.of(),
                0.5,
                0.75,
                new MarginConsumption(0.125, 0.5, 1.0, 1, 2, 4e-12),
                List.of(List.of(0, 2), List.of(2)),
                List.of(List.of(), List.of(1)),
                List.of(0, 1),
                List.of(),
                List.of(0, 0),
                List.of(2),
                2,
                new Interval("core", 0.5, 0.5, 0.5),
                new Interval("overlap", 0.25, 0.25, 0.25),
                new Interval("noise", 0.125, 0.125, 0.125),
                0.25,
                0.5,
                0.375,
                true,
                "WAR?",
                0.0625,
                0.125,
                0.0,
                new Movement(0.5, null, 0.25, -0.125),
                new Movement(0.25, 0.125, 0.5, 0.5),
                "UNDETERMINED",
                List.of(
                        new SpectrumChart(
                                "h.0",
                                4,
                                new ExponentInterval(1.0, 1.0, 1.0),
                                new Interval("effective_rank", 3.0, 3.0, 3.0),
                                0.125,
                                0.25,
                                List.of(0.25, 0.5),
                                1e-9)),
                null);
    }

    private static SampleScores score(String model, double p, String kind) {
        return new SampleScores(
                model,
                "1",
                "sample-" + p,
                "c",
                0L,
                0,
                1L,
                "b1",
                p,
                .001,
                1 / p,
                kind,
                null,
                null,
                kind == null ? Map.of() : Map.of(ClientPairs.LIFT, p / 2),
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                1,
                null,
                null,
                List.of());
    }

    private static Alert alert(
            String kind, String part, AlertTransition transition, long paneEnd, String sample) {
        return alert(kind, part, transition, paneEnd, sample, Map.of());
    }

    private static Alert alert(
            String kind,
            String part,
            AlertTransition transition,
            long paneEnd,
            String sample,
            Map<String, String> evidence) {
        return new Alert(
                "id",
                kind,
                transition,
                "m",
                "1",
                part,
                "detector-1",
                0L,
                paneEnd,
                sample,
                null,
                null,
                "none",
                "text",
                evidence,
                null,
                null,
                List.of());
    }
}
