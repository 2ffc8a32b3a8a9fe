package io.spectrawatch.ops.event;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** OpenTelemetry's own exporter, an event in each request. */
final class OtlpSender implements EventSender, AutoCloseable {

    /** Held, or its level would be forgotten with it. */
    private static final Logger ITS_OWN = Logger.getLogger("io.opentelemetry.exporter");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Beyond the exporter's own limit, which names the failure. */
    private static final long WAIT_SECONDS = 15;

    static {
        // What failed is in our own log, and it has a name there.
        ITS_OWN.setLevel(Level.OFF);
    }

    private final OtlpHttpLogRecordExporter exporter;

    /**
     * @throws IOException if a key store cannot be used
     */
    OtlpSender(URI endpoint, CollectorConfig config) throws IOException {
        OtlpHttpLogRecordExporterBuilder builder =
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(endpoint.toString())
                        .setTimeout(PATIENCE)
                        .setConnectTimeout(PATIENCE)
                        // Who tries again must know that it does: see EventPump.
                        .setRetryPolicy(null);
        config.headers().forEach(builder::addHeader);
        if (config.tls()) {
            builder.setSslContext(config.sslContext(), config.trust());
        }
        exporter = builder.build();
    }

    @Override
    public String send(LogRecordData event) {
        CompletableResultCode result =
                exporter.export(List.of(event)).join(WAIT_SECONDS, TimeUnit.SECONDS);
        if (result.isSuccess()) {
            return null;
        }
        return problem(result.getFailureThrowable());
    }

    /** The library tells it in a class that it may change: held to it by a test. */
    private static String problem(Throwable failure) {
        if (failure instanceof FailedExportException.HttpExportException http) {
            return http.getResponse() == null
                    ? String.valueOf(http.getCause())
                    : "it answered " + http.getResponse().getStatusCode();
        }
        return failure == null ? "no answer" : failure.toString();
    }

    @Override
    public void close() {
        exporter.shutdown().join(WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
