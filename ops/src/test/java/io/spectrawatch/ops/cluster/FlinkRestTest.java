package io.spectrawatch.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a JobManager, played by a small server, says about its cluster. */
class FlinkRestTest {

    private HttpServer server;
    private String answer;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/jobmanager/config",
                exchange -> {
                    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI rest() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void theClusterSaysItsParallelism() throws IOException {
        answer =
                "[{\"key\": \"rest.port\", \"value\": \"8081\"},"
                        + " {\"key\": \"parallelism.default\", \"value\": \"6\"}]";
        assertEquals(6, FlinkRest.parallelism(rest()));
    }

    @Test
    void withoutASettingItIsFlinksDefault() throws IOException {
        answer = "[]";
        assertEquals(1, FlinkRest.parallelism(rest()));
    }

    @Test
    void aClusterThatIsNotThereIsNamed() {
        URI gone = rest();
        server.stop(0);
        IOException e = assertThrows(IOException.class, () -> FlinkRest.parallelism(gone));
        assertTrue(e.getMessage().contains(gone.toString()), e.getMessage());
    }
}
