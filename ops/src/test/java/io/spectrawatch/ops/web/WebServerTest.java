package io.spectrawatch.ops.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.spectrawatch.ops.security.Keystores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {

    private static final String SECRET = "p:ss wörd/1";

    @TempDir private Path folder;
    private final CollectorRegistry registry = new CollectorRegistry(true);

    @Test
    void headersForbidWhatBrowsersWouldDo() throws Exception {
        try (WebServer server = start(WebConfig.open())) {
            HttpResponse<String> response = get(HttpClient.newHttpClient(), server.url(), null);

            assertEquals(200, response.statusCode());
            assertTrue(server.url().startsWith("http://127.0.0.1:"), server.url());
            assertTrue(response.body().contains("answer 42.0"), response.body());
            assertHeaders(response);
        }
    }

    private static void assertHeaders(HttpResponse<String> response) {
        for (String header :
                List.of(
                        "X-Content-Type-Options: nosniff",
                        "X-Frame-Options: DENY",
                        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
                        "Referrer-Policy: no-referrer",
                        "Cache-Control: no-store")) {
            String[] parts = header.split(": ", 2);
            assertEquals(List.of(parts[1]), response.headers().allValues(parts[0]), parts[0]);
        }
    }

    @Test
    void aPasswordIsAskedFor() throws Exception {
        try (WebServer server =
                start(config("basic.auth.username=prometheus", "basic.auth.password=" + SECRET))) {
            HttpClient client = HttpClient.newHttpClient();
            for (String wrong :
                    new String[] {null, "prometheus:", "prometheus:wrong", "other:" + SECRET}) {
                HttpResponse<String> refused = get(client, server.url(), wrong);
                assertEquals(401, refused.statusCode(), wrong);
                assertFalse(refused.body().contains("answer"), wrong);
                assertHeaders(refused);
            }
            assertEquals(200, get(client, server.url(), "prometheus:" + SECRET).statusCode());
            // every path is behind it, the health check too
            String health = server.url().replace("/metrics", "/-/healthy");
            assertEquals(401, get(client, health, null).statusCode());
        }
    }

    @Test
    void trafficIsEncrypted() throws Exception {
        Keystores stores = Keystores.in(folder);
        try (WebServer server =
                start(
                        config(
                                "tls.keystore=" + stores.key(),
                                "tls.keystore.password=" + Keystores.PASSWORD))) {
            assertTrue(server.url().startsWith("https://"), server.url());
            HttpClient trusting = HttpClient.newBuilder().sslContext(stores.trusting()).build();
            assertEquals(200, get(trusting, server.url(), null).statusCode());
            assertThrows(
                    SSLHandshakeException.class,
                    () -> get(HttpClient.newHttpClient(), server.url(), null));
            SSLParameters old = new SSLParameters();
            old.setProtocols(new String[] {"TLSv1.1"});
            HttpClient outdated =
                    HttpClient.newBuilder()
                            .sslContext(stores.trusting())
                            .sslParameters(old)
                            .build();
            assertThrows(IOException.class, () -> get(outdated, server.url(), null));
        }
    }

    @Test
    void whatIsWrongIsSaidWithoutTheSecret() throws Exception {
        refused("unknown setting 'basic.auth.passwort'", "basic.auth.passwort=" + SECRET);
        refused("belong together", "basic.auth.password=" + SECRET);
        refused("belong together", "tls.keystore=x");
        refused("must not contain a colon", "basic.auth.username=a:b", "basic.auth.password=x");
        WebConfig config = config("tls.keystore=/nowhere.p12", "tls.keystore.password=" + SECRET);
        String message = assertThrows(IOException.class, () -> start(config)).getMessage();
        assertTrue(message.contains("cannot use the keystore /nowhere.p12"), message);
        assertFalse(message.contains(SECRET), message);
    }

    private void refused(String expected, String... lines) throws IOException {
        String message = assertThrows(ConfigException.class, () -> config(lines)).getMessage();
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains(SECRET), message);
    }

    private WebConfig config(String... lines) throws IOException {
        return WebConfig.load(Files.write(folder.resolve("web.properties"), List.of(lines)));
    }

    private WebServer start(WebConfig config) throws IOException {
        registry.clear();
        Gauge.build("answer", "To everything.").register(registry).set(42);
        return WebServer.start(registry, new InetSocketAddress("127.0.0.1", 0), config);
    }

    private static HttpResponse<String> get(HttpClient client, String url, String credentials)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (credentials != null) {
            byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
