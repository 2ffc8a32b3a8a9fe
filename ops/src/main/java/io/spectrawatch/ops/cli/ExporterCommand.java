package io.spectrawatch.ops.cli;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.WebOptions;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.ops.exporter.PipelineWatch;
import io.spectrawatch.ops.exporter.PipelineWatch.Reader;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.schemas.Topics;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exporter}: serves sketches and alerts to Prometheus. */
@Command(
        name = "exporter",
        mixinStandardHelpOptions = true,
        description = "Serves the newest sketches and the alerts at /metrics until stopped.")
final class ExporterCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private KafkaOptions kafka;

    @Mixin private WebOptions web;

    @Option(
            names = "--port",
            defaultValue = "9464",
            description = "Port to listen on, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--ingest-group",
            defaultValue = "spectrawatch.ingest",
            description =
                    "Consumer group of ingest, its application.id, for the lag"
                            + " (default: ${DEFAULT-VALUE}).")
    private String ingestGroup;

    @Option(
            names = "--monitor-group",
            defaultValue = "spectrawatch-monitor",
            description =
                    "Consumer group of the monitor, its group.id, for the lag"
                            + " (default: ${DEFAULT-VALUE}).")
    private String monitorGroup;

    @Override
    public Integer call() throws Exception {
        WebConfig webConfig = web.config();
        kafka.connect(Role.EXPORTER).close();
        CollectorRegistry registry = new CollectorRegistry(true);
        DefaultExports.register(registry);
        try (Exporter exporter =
                        Exporter.start(
                                kafka.clientProperties(),
                                kafka.topicPrefix(),
                                web.address(port),
                                webConfig,
                                registry);
                PipelineWatch watch =
                        PipelineWatch.start(
                                kafka.clientProperties(),
                                kafka.topicPrefix(),
                                List.of(
                                        new Reader("ingest", Topics.ACTIVATIONS, ingestGroup),
                                        new Reader("monitor", Topics.VALIDATED, monitorGroup)),
                                registry)) {
            Runtime.getRuntime().addShutdownHook(new Thread(exporter::close));
            Runtime.getRuntime().addShutdownHook(new Thread(watch::close));
            spec.commandLine().getOut().println("serving " + exporter.url());
            exporter.join();
        }
        return 0;
    }
}
