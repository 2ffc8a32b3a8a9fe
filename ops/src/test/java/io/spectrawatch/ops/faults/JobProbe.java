package io.spectrawatch.ops.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

    private String job() throws IOException, InterruptedException {
        if (job == null) {
            job = get("/jobs").path("jobs").path(0).path("id").asText();
        }
        return job;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(rest.resolve(path)).timeout(Duration.ofSeconds(30)).build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode());
        }
        return json.readTree(answer.body());
    }
}
