package io.spectrawatch.ops.web;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a registry at {@code /metrics}, over TLS and behind a password where the configuration
 * says so, and with security headers in any case.
 */
public final class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final HTTPServer server;
    private final String url;

    private MetricsServer(HTTPServer server, String url) {
        this.server = server;
        this.url = url;
    }

    /**
     * Starts serving.
     *
     * @param address where to listen; port 0 takes a free one
     * @throws IOException if the address cannot be bound or the keystore cannot be used
     */
    public static MetricsServer start(
            CollectorRegistry registry, InetSocketAddress address, WebConfig config)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": unknown host");
        }
        if (!address.getAddress().isLoopbackAddress() && !config.authenticates()) {
            LOG.warn(
                    "{} can be reached from other machines and asks for no password; see"
                            + " --web-config",
                    address);
        }
        HTTPServer.Builder builder =
                new HTTPServer.Builder()
                        .withInetSocketAddress(address)
                        .withRegistry(registry)
                        .withDaemonThreads(true)
                        .withAuthenticator(new Guard(config));
        if (config.tls()) {
            builder.withHttpsConfigurator(tls(config));
        }
        try {
            HTTPServer server = builder.build();
            return new MetricsServer(
                    server,
                    (config.tls() ? "https://" : "http://")
                            + address.getHostString()
                            + ":"
                            + server.getPort()
                            + "/metrics");
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + e.getMessage()
                            + "); choose another port for the metrics, or 0 for a free one",
                    e);
        }
    }

    /** Where to scrape, with the port that was really bound. */
    public String url() {
        return url;
    }

    private static HttpsConfigurator tls(WebConfig config) throws IOException {
        try (InputStream in = Files.newInputStream(config.keystore())) {
            KeyStore store = KeyStore.getInstance(config.keystoreType());
            store.load(in, config.keystorePassword());
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, config.keystorePassword());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new ModernTls(context);
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

    /** Offers no protocol older than TLS 1.2. */
    private static final class ModernTls extends HttpsConfigurator {

        ModernTls(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters offered = getSSLContext().getDefaultSSLParameters();
            offered.setProtocols(PROTOCOLS);
            parameters.setSSLParameters(offered);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
