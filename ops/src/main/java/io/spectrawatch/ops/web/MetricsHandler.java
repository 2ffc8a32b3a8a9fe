package io.spectrawatch.ops.web;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.SampleNameFilter;
import io.prometheus.client.exporter.common.TextFormat;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Deque;

/** A registry in the text format that the scraper asks for; {@code name[]} chooses samples. */
final class MetricsHandler implements HttpHandler {

    private static final String NAMES = "name[]";

    private final CollectorRegistry registry;

    MetricsHandler(CollectorRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        if (exchange.isInIoThread()) {
            // Collectors wait for locks.
            exchange.dispatch(this);
            return;
        }
        String format =
                TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst(Headers.ACCEPT));
        Deque<String> names = exchange.getQueryParameters().get(NAMES);
        StringWriter text = new StringWriter();
        TextFormat.writeFormat(
                format,
                text,
                names == null
                        ? registry.metricFamilySamples()
                        : registry.filteredMetricFamilySamples(
                                new SampleNameFilter.Builder().nameMustBeEqualTo(names).build()));
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, format);
        exchange.getResponseSender().send(text.toString());
    }
}
