package io.spectrawatch.ops.console;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.util.StatusCodes;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages that something has changed, at most once a second; they ask for what they show.
 */
final class EventStream implements HttpHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Pages that are told; further ones ask by themselves. */
    private static final int MOST_CONNECTIONS = 64;

    private static final long PAUSE_MILLIS = 1_000;
    private static final long KEEP_ALIVE_MILLIS = 15_000;

    private final Supplier<String> state;
    private final ServerSentEventHandler connections;
    private final Thread thread = new Thread(this::run, "console-events");

    /**
     * @param state changes with what pages show
     */
    EventStream(Supplier<String> state) {
        this.state = state;
        this.connections =
                new ServerSentEventHandler(
                        (connection, lastId) -> connection.setKeepAliveTime(KEEP_ALIVE_MILLIS));
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (connections.getConnections().size() >= MOST_CONNECTIONS) {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
            return;
        }
        connections.handleRequest(exchange);
    }

    private void run() {
        try {
            String told = state.get();
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                String now = state.get();
                if (!now.equals(told)) {
                    told = now;
                    for (ServerSentEventConnection each : connections.getConnections()) {
                        each.send(now);
                    }
                }
            }
        } catch (InterruptedException | RejectedExecutionException closed) {
            LOG.debug("no more pages are told");
        }
    }

    @Override
    public void close() {
        // The connections end with the server.
        thread.interrupt();
    }
}
