package io.spectrawatch.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a Flink JobManager questions over its REST interface. */
public final class RestClient {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final URI address;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param address of the JobManager, for example {@code http://localhost:8081}
     */
    public RestClient(URI address) {
        this.address = address;
    }

    URI address() {
        return address;
    }

    /** The answer, or null while there is none. */
    public JsonNode tryGet(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).timeout(LIMIT).build();
        try {
            HttpResponse<byte[]> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == OK ? json.readTree(answer.body()) : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + address, e);
        } catch (IOException e) {
            return null;
        }
    }
}
