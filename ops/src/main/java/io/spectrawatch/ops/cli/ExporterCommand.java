package io.spectrawatch.ops.cli;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.cli.option.RoleIds;
import io.spectrawatch.ops.cli.option.ServiceOptions;
import io.spectrawatch.ops.cli.option.WebOptions;
import io.spectrawatch.ops.console.Console;
import io.spectrawatch.ops.console.ConsoleSettings;
import io.spectrawatch.ops.event.AlertEvents;
import io.spectrawatch.ops.event.CollectorConfig;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.ops.exporter.ExporterConfig;
import io.spectrawatch.ops.exporter.PipelineWatch;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.schemas.Topics;
import io.undertow.server.handlers.ResponseCodeHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exporter}: serves sketches and alerts to Prometheus, and to people. */
@Command(
        name = "exporter",
        mixinStandardHelpOptions = true,
        description =
                "Serves the newest sketches and the alerts at /metrics, and the console's pages at"
                        + " /, until stopped.")
final class ExporterCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private ServiceOptions service;

    @Mixin private WebOptions web;

    @Option(
            names = "--port",
            defaultValue = "9464",
            description = "Port to listen on, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--ingest-group",
            description =
                    "Consumer group of ingest, its application.id, for the lag: the setting"
                            + " ingest.group.")
    private String ingestGroup;

    @Option(
            names = "--monitor-group",
            description =
                    "Consumer group of the monitor, its group.id, for the lag: the setting"
                            + " monitor.group.")
    private String monitorGroup;

    @Option(
            names = "--segment-attribute",
            paramLabel = "NAME",
            description =
                    "Attribute of samples that is a label of the metrics about samples, for its"
                            + " first 20 values: the setting segment.attribute.")
    private String segmentAttribute;

    @Override
    public Integer call() throws Exception {
        ExporterConfig config = ExporterConfig.fromMap(settings(), service.clientProperties());
        if (service.printConfig()) {
            spec.commandLine().getOut().println(ExporterConfig.definition().toEnrichedRst());
            return 0;
        }
        WebConfig webConfig = web.config();
        service.kafka().connect(Role.EXPORTER, ids(config)).close();
        if (webConfig.hasResponder()) {
            service.kafka().connect(Role.RESPONDER, ids(config)).close();
        }
        if (config.otlpLogsEndpoint() != null) {
            service.kafka().connect(Role.FORWARDER, ids(config)).close();
        }
        CollectorRegistry registry = new CollectorRegistry(true);
        DefaultExports.register(registry);
        try (Console console = console(config, webConfig, registry);
                Exporter exporter =
                        Exporter.start(
                                config.kafkaClient(),
                                config.topicPrefix(),
                                config.segmentAttribute(),
                                console == null ? ResponseCodeHandler.HANDLE_404 : console.pages(),
                                web.address(port),
                                webConfig,
                                registry);
                PipelineWatch watch =
                        PipelineWatch.start(
                                config.kafkaClient(),
                                config.topicPrefix(),
                                readers(config),
                                registry);
                AlertEvents events = events(config, registry)) {
            Runtime.getRuntime().addShutdownHook(new Thread(exporter::close));
            Runtime.getRuntime().addShutdownHook(new Thread(watch::close));
            if (console != null) {
                Runtime.getRuntime().addShutdownHook(new Thread(console::close));
            }
            if (events != null) {
                Runtime.getRuntime().addShutdownHook(new Thread(events::close));
            }
            spec.commandLine().getOut().println("serving " + exporter.url());
            if (console != null) {
                spec.commandLine().getOut().println("console " + exporter.pagesUrl());
            }
            exporter.join();
        }
        return 0;
    }

    /** Null where none is wanted. */
    private Console console(ExporterConfig config, WebConfig webConfig, CollectorRegistry registry)
            throws IOException {
        if (config.historyDays() == 0) {
            return null;
        }
        String prefix = config.topicPrefix();
        return Console.start(
                config.kafkaClient(),
                prefix,
                registry,
                new ConsoleSettings(
                        config.historyDays(),
                        config.storeFolder() == null
                                ? null
                                : new ConsoleSettings.Store(
                                        config.storeFolder(), config.storeBytes()),
                        config.traceUrl(),
                        config.runbookUrl(),
                        CommandLines.of(
                                config.kafkaClient().get("bootstrap.servers").toString(),
                                prefix.equals(Topics.DEFAULT_PREFIX) ? null : prefix,
                                null),
                        webConfig.hasResponder()));
    }

    /** Null where no alerts are sent on. */
    private static AlertEvents events(ExporterConfig config, CollectorRegistry registry)
            throws IOException {
        if (config.otlpLogsEndpoint() == null) {
            return null;
        }
        return AlertEvents.start(
                config.kafkaClient(),
                config.topicPrefix(),
                ids(config).forwarder(),
                config.otlpLogsEndpoint(),
                config.otlpLogsConfig() == null
                        ? CollectorConfig.plain()
                        : CollectorConfig.load(config.otlpLogsConfig()),
                registry);
    }

    /** Those of the settings, and this process where it sends alerts on. */
    private static List<PipelineWatch.Reader> readers(ExporterConfig config) {
        List<PipelineWatch.Reader> readers = new ArrayList<>(config.readers());
        if (config.otlpLogsEndpoint() != null) {
            readers.add(
                    new PipelineWatch.Reader("forwarder", Topics.ALERTS, ids(config).forwarder()));
        }
        return readers;
    }

    /** The settings as given, the options of this command over them. */
    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = service.settings();
        if (ingestGroup != null) {
            settings.put(ExporterConfig.INGEST_GROUP.key(), ingestGroup);
        }
        if (monitorGroup != null) {
            settings.put(ExporterConfig.MONITOR_GROUP.key(), monitorGroup);
        }
        if (segmentAttribute != null) {
            settings.put(ExporterConfig.SEGMENT_ATTRIBUTE.key(), segmentAttribute);
        }
        return settings;
    }

    private static Role.Ids ids(ExporterConfig config) {
        return RoleIds.of(
                config.topicPrefix(),
                Map.of(
                        IngestConfig.APPLICATION_ID,
                        config.ingestGroup(),
                        MonitorDefinition.GROUP_ID.key(),
                        config.monitorGroup()));
    }
}
