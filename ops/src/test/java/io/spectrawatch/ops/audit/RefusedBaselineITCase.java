package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job, the broker and the exporter under a baseline that does not judge the model: sketches go
 * on, nothing is certified, and both the records and the metrics say so.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RefusedBaselineITCase {

    /** Panes of the log, each with a sketch per layer. */
    private static final int SKETCHES = RecordedRun.PANES * ChainModel.NAMES.size();

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static RecordedRun run;
    private static ModelBaseline own;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        run = new RecordedRun(client, folder);
        own = new ChainModel().whole(11);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aBaselineOfOtherWeights() throws Exception {
        ModelBaseline other =
                new ModelBaseline(
                        own.model(),
                        own.version(),
                        "other",
                        own.layers(),
                        own.interfaces(),
                        null,
                        own.provenance());
        assertRefusedEverywhere("weights.", other, "digest of ", " other expected, found ");
    }

    @Test
    void aBaselineOfALaterSchema() throws Exception {
        byte[] later = own.toBytes();
        later[11] = 9;
        assertRefusedEverywhere(
                "schema.", ModelBaseline.fromBytes(later), "schema version 9 expected, found 1");
    }

    private static void assertRefusedEverywhere(
            String prefix, ModelBaseline baseline, String... reason) throws Exception {
        run = new RecordedRun(client, folder);
        run.createTopics(prefix);
        CollectorRegistry registry = new CollectorRegistry();
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        try (Exporter exporter = Exporter.start(client, prefix, any, registry)) {
            run.writeLog(prefix, run.publish(prefix, baseline));
            run.monitor(prefix);
            long sketches =
                    run.records(prefix, Topics.SKETCHES).stream()
                            .filter(r -> Wire.isA(r.value(), "io.spectrawatch.schemas.LayerSketch"))
                            .count();
            assertEquals(SKETCHES, sketches);
            List<ConsumerRecord<byte[], byte[]>> certificates =
                    run.records(prefix, Topics.CERTIFICATES);
            assertEquals(RecordedRun.PANES * baseline.interfaces().size(), certificates.size());
            for (ConsumerRecord<byte[], byte[]> record : certificates) {
                InterfaceCertificate each = Wire.decode(record.value(), InterfaceCertificate.class);
                assertEquals(CertificateStatus.REFUSED, each.getStatus());
                assertNull(each.getFindings());
                for (String part : reason) {
                    assertTrue(each.getReason().contains(part), each.getReason());
                }
            }
            assertTrue(run.records(prefix, Topics.ALERTS).isEmpty());
            assertMetricsSaySo(registry, baseline);
            assertTrue(exporter.url().startsWith("http"));
        }
    }

    private static void assertMetricsSaySo(CollectorRegistry registry, ModelBaseline baseline)
            throws InterruptedException {
        String[] names = {"model", "version", "interface", "status"};
        for (String name : baseline.interfaces().stream().map(each -> each.name()).toList()) {
            String[] refused = {baseline.model(), baseline.version(), name, "refused"};
            Double count = 0.0;
            while (count == null || count < RecordedRun.PANES) {
                Thread.sleep(50);
                count = registry.getSampleValue("spectrawatch_certificates_total", names, refused);
            }
            assertEquals(
                    1, registry.getSampleValue("spectrawatch_certificate_status", names, refused));
            String[] issued = {baseline.model(), baseline.version(), name, "issued"};
            assertEquals(
                    0, registry.getSampleValue("spectrawatch_certificate_status", names, issued));
            assertNull(
                    registry.getSampleValue(
                            "spectrawatch_certificate_radius",
                            new String[] {"model", "version", "interface"},
                            new String[] {baseline.model(), baseline.version(), name}));
        }
    }
}
