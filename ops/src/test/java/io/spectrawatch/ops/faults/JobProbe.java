package io.spectrawatch.ops.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What Flink's REST interface tells about the only job of a cluster. */
final class JobProbe {

    private final URI rest;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private String job;

    JobProbe(URI rest) {
        this.rest = rest;
    }

    /** Checkpoints completed since the job was submitted. */
    long checkpoints() throws IOException, InterruptedException {
        return get("/jobs/" + job() + "/checkpoints").path("counts").path("completed").asLong();
    }

    /** Times the job was started again after a failure; Flink gathers metrics when asked. */
    long restarts() throws IOException, InterruptedException {
        while (true) {
            JsonNode value =
                    get("/jobs/" + job() + "/metrics?get=numRestarts").path(0).path("value");
            if (!value.isMissingNode()) {
                return value.asLong();
            }
            Thread.sleep(200);
        }
    }

    /** Asks for a savepoint after which the job ends, and returns at once. */
    void stop(Path folder) throws IOException, InterruptedException {
        String body =
                json.createObjectNode()
                        .put("targetDirectory", folder.toUri().toString())
                        .put("drain", false)
                        .toString();
        send(request("/jobs/" + job() + "/stop").POST(BodyPublishers.ofString(body)), 202);
    }

    private String job() throws IOException, InterruptedException {
        if (job == null) {
            job = get("/jobs").path("jobs").path(0).path("id").asText();
        }
        return job;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return json.readTree(send(request(path), 200));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(rest.resolve(path))
                .timeout(Duration.ofMinutes(3))
                .header("Content-Type", "application/json");
    }

    private byte[] send(HttpRequest.Builder request, int expected)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != expected) {
            throw new IOException(
                    answer.uri()
                            + ": "
                            + answer.statusCode()
                            + " "
                            + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }
}
