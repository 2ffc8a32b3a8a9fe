package io.spectrawatch.ops.bench.capture;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.TemporaryFolder;
import io.spectrawatch.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * Serves the same requests by the built-in transformer alone and with the tap at several shares of
 * the requests, in turns, so that what else the machine does meets them all.
 *
 * <p>A request is one text on one thread. The broker runs on the same machine.
 */
public final class CaptureBench {

    private static final List<Double> SHARES = List.of(1.0, 0.1, 0.01);

    /** Requests of a variant before the next one's turn; a captured one in each at 1 %. */
    private static final int TURN = 100;

    private static final int MOST_WARM_UP = 500;
    private static final long SEED = 1;

    private CaptureBench() {}

    /**
     * Runs in a temporary folder.
     *
     * @param requests of every variant, at least 100
     * @throws java.io.IOException if the broker does not start
     */
    public static CaptureReport run(int requests) throws Exception {
        if (requests < TURN) {
            throw new IllegalArgumentException(
                    "requests must be at least " + TURN + ", found " + requests);
        }
        Path folder = Files.createTempDirectory("spectrawatch-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, Topics.DEFAULT_PREFIX).create(1, (short) 1, Map.of());
            }
            return serve(client, requests);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private static CaptureReport serve(Map<String, Object> client, int requests)
            throws InterruptedException {
        List<TappedOutput> taps = MiniLm.taps();
        List<SnapshotPublisher> publishers = new ArrayList<>();
        CaptureSettings settings = CaptureSettings.defaults(MiniLm.MODEL_ID, MiniLm.MODEL_VERSION);
        byte[] model = MiniLm.model();
        List<Server> servers = List.of();
        try (ModelTap own = ModelTap.open(model, taps.subList(taps.size() - 1, taps.size()), 1);
                ModelTap all = ModelTap.open(model, taps, 1);
                TextEncoder encoder = MiniLm.encoder()) {
            CaptureSession bare = CaptureSession.ofText(own, encoder, null, settings);
            CaptureSession passed =
                    CaptureSession.ofText(all.reading(own.taps()), encoder, null, settings);
            for (int i = 0; i < SHARES.size(); i++) {
                publishers.add(
                        SnapshotPublisher.open(
                                PublisherOptions.defaults(),
                                client,
                                new CollectorRegistry(true),
                                (sequence, capturedAt, failure) -> {}));
            }
            for (int size : new int[] {Math.min(requests, MOST_WARM_UP), requests}) {
                servers = new ArrayList<>();
                servers.add(new Server(bare, null, null, 0, size));
                for (int i = 0; i < SHARES.size(); i++) {
                    CaptureSession tapped =
                            CaptureSession.ofText(
                                    all,
                                    encoder,
                                    publishers.get(i),
                                    settings.withCaptureId("bench-" + i + "-" + size));
                    servers.add(new Server(passed, tapped, publishers.get(i), SHARES.get(i), size));
                }
                inTurns(servers, size);
            }
        } finally {
            publishers.forEach(SnapshotPublisher::close);
        }
        requireSent(publishers);
        return report(requests, servers);
    }

    /** A tap whose records go nowhere costs less. */
    private static void requireSent(List<SnapshotPublisher> publishers) {
        long failed = publishers.stream().mapToLong(each -> each.counts().failed()).sum();
        if (failed > 0) {
            throw new IllegalStateException(failed + " snapshots did not reach the broker");
        }
    }

    private static void inTurns(List<Server> servers, int requests) throws InterruptedException {
        List<String> texts = Glosses.shuffled(Glosses.all(), SEED);
        for (int from = 0; from < requests; from += TURN) {
            for (Server server : servers) {
                for (int i = from; i < Math.min(requests, from + TURN); i++) {
                    server.serve(texts.get(i % texts.size()));
                }
                server.endTurn();
            }
        }
    }

    private static CaptureReport report(int requests, List<Server> servers) {
        CaptureReport.Variant bare = servers.get(0).report(null);
        return new CaptureReport(
                requests,
                bare,
                servers.stream().skip(1).map(server -> server.report(bare)).toList());
    }
}
