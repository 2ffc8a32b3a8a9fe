package io.spectrawatch.ops.web;

import io.prometheus.client.CollectorRegistry;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;
import org.xnio.Sequence;

/**
 * Serves a registry at {@code /metrics}, {@code /-/healthy}, and pages where there are some: over
 * TLS and behind a password where the configuration says so, and with security headers in any case.
 */
public final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final Sequence<String> PROTOCOLS = Sequence.of("TLSv1.3", "TLSv1.2");

    private static final String EVENTS = "text/event-stream";
    private static final int GZIP_PRIORITY = 50;
    private static final int IO_THREADS = 2;
    private static final int WORKERS = 8;

    /** A request is a line, a few headers and at most a note. */
    private static final long MOST_BODY_BYTES = 16 * 1024;

    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_HEADERS = 64;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int IDLE_MILLIS = 60_000;

    private final Undertow server;
    private final String root;

    private WebServer(Undertow server, String root) {
        this.server = server;
        this.root = root;
    }

    /** Starts serving a registry alone. See {@link #start(CollectorRegistry, HttpHandler,...)}. */
    public static WebServer start(
            CollectorRegistry registry, InetSocketAddress address, WebConfig config)
            throws IOException {
        return start(registry, ResponseCodeHandler.HANDLE_404, address, config);
    }

    /**
     * Starts serving.
     *
     * @param pages serves every other path
     * @param address where to listen; port 0 takes a free one
     * @throws IOException if the address cannot be bound or the keystore cannot be used
     */
    public static WebServer start(
            CollectorRegistry registry,
            HttpHandler pages,
            InetSocketAddress address,
            WebConfig config)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": unknown host");
        }
        boolean loopback = address.getAddress().isLoopbackAddress();
        if (!loopback && !config.authenticates()) {
            LOG.warn(
                    "{} can be reached from other machines and asks for no password; see"
                            + " --web-config",
                    address);
        }
        PathHandler paths =
                new PathHandler(pages)
                        .addExactPath("/metrics", new MetricsHandler(registry))
                        .addExactPath("/-/healthy", new HealthHandler());
        HttpHandler compressed =
                new EncodingHandler(
                        paths,
                        new ContentEncodingRepository()
                                .addEncodingHandler(
                                        "gzip",
                                        new GzipEncodingProvider(),
                                        GZIP_PRIORITY,
                                        // Events must not wait until a block is full.
                                        exchange -> !asksForEvents(exchange)));
        Undertow server = built(address, config, new Guard(config, loopback, compressed));
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new IOException(
                    "cannot listen on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + reason(e)
                            + "); choose another port for the metrics, or 0 for a free one",
                    e);
        }
        InetSocketAddress bound = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        return new WebServer(
                server,
                (config.tls() ? "https://" : "http://")
                        + address.getHostString()
                        + ":"
                        + bound.getPort());
    }

    private static boolean asksForEvents(HttpServerExchange exchange) {
        return EVENTS.equals(exchange.getRequestHeaders().getFirst(Headers.ACCEPT));
    }

    /** Undertow wraps what the socket said. */
    private static String reason(RuntimeException e) {
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }

    private static Undertow built(InetSocketAddress address, WebConfig config, HttpHandler handler)
            throws IOException {
        Undertow.Builder builder =
                Undertow.builder()
                        .setIoThreads(IO_THREADS)
                        .setWorkerThreads(WORKERS)
                        .setWorkerOption(Options.THREAD_DAEMON, true)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MOST_BODY_BYTES)
                        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MOST_HEADER_BYTES)
                        .setServerOption(UndertowOptions.MAX_HEADERS, MOST_HEADERS)
                        // Connections that send nothing, or slowly, must not pile up.
                        .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_MILLIS)
                        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
                        .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
                        .setHandler(handler);
        String host = address.getAddress().getHostAddress();
        if (config.tls()) {
            builder.setSocketOption(Options.SSL_ENABLED_PROTOCOLS, PROTOCOLS)
                    .addHttpsListener(address.getPort(), host, tls(config));
        } else {
            builder.addHttpListener(address.getPort(), host);
        }
        return builder.build();
    }

    /** Where to scrape, with the port that was really bound. */
    public String url() {
        return root + "/metrics";
    }

    /** Where the pages begin. */
    public String pagesUrl() {
        return root + '/';
    }

    private static SSLContext tls(WebConfig config) throws IOException {
        try {
            char[] password = config.keystorePassword();
            KeyStore store = KeyStoreFile.read(config.keystore(), config.keystoreType(), password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(KeyStoreFile.keys(store, password), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "cannot use the keystore "
                            + config.keystore()
                            + " of type "
                            + config.keystoreType()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
