package io.spectrawatch.ops.demo.python;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The example server of digits as a process of its own, and requests to it. */
final class PythonServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);
    private static final long END_SECONDS = 15;

    /** Uvicorn knows no other version, and says so for every request that asks for one. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final Path log;
    private final URI root;

    private PythonServer(Process process, Path log, URI root) {
        this.process = process;
        this.log = log;
        this.root = root;
    }

    /**
     * Starts the server and waits until it answers.
     *
     * @param example folder that holds {@code server.py}
     * @param interpreter Python with what the server needs; null for the one that the build made
     * @param kafka bootstrap servers that it publishes to
     * @param folder takes its log
     * @throws IOException if there is no interpreter, or it does not answer in time
     */
    static PythonServer start(Path example, Path interpreter, String kafka, Path folder)
            throws IOException, InterruptedException {
        Path tap =
                example.toAbsolutePath().normalize().resolve("../../../ingest/python").normalize();
        Path python =
                interpreter == null
                        ? tap.resolveSibling("target").resolve("python/venv/bin/python")
                        : interpreter;
        if (!Files.isExecutable(python)) {
            throw new IOException(
                    "no interpreter "
                            + python
                            + "; make it with python3 ingest/python/verify.py --prepare-only, or"
                            + " name one that has torch, fastapi and uvicorn with --python");
        }
        int port = freePort();
        Path log = folder.resolve("server.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                python.toString(),
                                "-m",
                                "uvicorn",
                                "--app-dir",
                                example.toString(),
                                "--host",
                                "127.0.0.1",
                                "--port",
                                Integer.toString(port),
                                "--log-level",
                                "warning",
                                "server:app"));
        builder.environment().put("SPECTRAWATCH_KAFKA", kafka);
        builder.environment().put("PYTHONPATH", tap.resolve("src").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        PythonServer server =
                new PythonServer(
                        builder.start(), log, URI.create("http://127.0.0.1:" + port + "/"));
        try {
            server.awaitAnswer();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try {
                stats();
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
        throw new IOException("the Python server does not answer; see\n" + Files.readString(log));
    }

    /** What became of its snapshots, as JSON. */
    String stats() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(root.resolve("stats")).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /**
     * Has a digit read.
     *
     * @param pixels 784 bytes
     * @param traceId 32 hexadecimal digits
     * @return the answer; completed with an {@link IOException} where there is none
     */
    CompletableFuture<String> ask(byte[] pixels, String traceId, String client) {
        HttpRequest request =
                HttpRequest.newBuilder(root.resolve("digits"))
                        .timeout(ANSWER_LIMIT)
                        .header(
                                "traceparent",
                                "00-" + traceId + "-" + traceId.substring(16) + "-01")
                        .header("x-client", client)
                        .POST(BodyPublishers.ofByteArray(pixels))
                        .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(PythonServer::answer);
    }

    private static String answer(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new CompletionException(new IOException("the server answers " + response.body()));
        }
        return response.body();
    }

    /** Ends it; it publishes what waits. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
