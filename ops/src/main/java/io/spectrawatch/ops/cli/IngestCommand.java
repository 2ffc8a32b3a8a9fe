package io.spectrawatch.ops.cli;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.option.RoleIds;
import io.spectrawatch.ops.cli.option.ServiceOptions;
import io.spectrawatch.ops.cli.option.WebOptions;
import io.spectrawatch.ops.process.LastWords;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.ops.web.WebServer;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ingest}: the Kafka Streams service. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "Validates snapshots and keeps the log's clock until stopped.")
final class IngestCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ServiceOptions service;

    @Mixin private WebOptions web;

    @Option(
            names = "--metrics-port",
            defaultValue = "9465",
            description = "Port of /metrics, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int metricsPort;

    @Override
    public Integer call() throws Exception {
        Map<String, String> settings = service.settings();
        IngestConfig config = IngestConfig.fromMap(settings);
        if (service.printConfig()) {
            spec.commandLine().getOut().println(IngestConfig.definition().toEnrichedRst());
            return 0;
        }
        WebConfig webConfig = web.config();
        String prefix = service.kafka().topicPrefix();
        service.kafka().connect(Role.INGEST, RoleIds.of(prefix, settings)).close();
        CollectorRegistry registry = new CollectorRegistry(true);
        DefaultExports.register(registry);
        try (IngestService ingest =
                        new IngestService(
                                config,
                                service.kafka().clientProperties(),
                                IngestClock.system(),
                                registry);
                WebServer metrics =
                        WebServer.start(registry, web.address(metricsPort), webConfig)) {
            Runtime.getRuntime().addShutdownHook(new Thread(ingest::close));
            ingest.start();
            spec.commandLine().getOut().println("ingesting; metrics at " + metrics.url());
            ingest.awaitStopped();
            if (ingest.failure().isPresent()) {
                throw new IllegalStateException(
                        "ingest stopped: " + LastWords.of(ingest.failure().get()),
                        ingest.failure().get());
            }
        }
        return 0;
    }
}
