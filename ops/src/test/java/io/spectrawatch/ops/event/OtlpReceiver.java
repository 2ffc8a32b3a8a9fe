package io.spectrawatch.ops.event;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A collector that takes logs by OTLP over HTTP, keeps them, and answers as a test wants. */
final class OtlpReceiver implements AutoCloseable {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final String scheme;
    private final Supplier<Answer> answers;
    private final List<Event> events = new ArrayList<>();
    private final List<Map<String, String>> headers = new ArrayList<>();
    private int lost;

    /** What becomes of a request. */
    enum Answer {
        TAKEN,
        /** It is taken, and the sender does not learn it. */
        TAKEN_AND_LOST,
        REFUSED
    }

    /**
     * An event as it came.
     *
     * @param attributes texts, numbers as texts, and texts of an array with blanks between them
     * @param bytes of the record, as hexadecimal digits
     */
    record Event(
            String name,
            long nanos,
            long observedNanos,
            long severity,
            String body,
            String traceId,
            String spanId,
            Map<String, String> attributes,
            String bytes) {

        String id() {
            return attributes.get("spectrawatch.alert.id");
        }
    }

    OtlpReceiver(Supplier<Answer> answers) throws IOException {
        this(answers, HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0), "http");
    }

    /** One that shows a key and asks who sends. */
    static OtlpReceiver secured(Supplier<Answer> answers, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = tls.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        return new OtlpReceiver(answers, server, "https");
    }

    private OtlpReceiver(Supplier<Answer> answers, HttpServer server, String scheme) {
        this.answers = answers;
        this.server = server;
        this.scheme = scheme;
        server.createContext("/v1/logs", this::take);
        server.setExecutor(Executors.newFixedThreadPool(2, OtlpReceiver::daemon));
        server.start();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "otlp-receiver");
        thread.setDaemon(true);
        return thread;
    }

    URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/v1/logs");
    }

    private synchronized void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer = answers.get();
        if (answer != Answer.REFUSED) {
            Map<String, String> own = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, all) -> own.put(name, all.get(0)));
            headers.add(own);
            read(body);
        }
        if (answer == Answer.TAKEN_AND_LOST) {
            lost++;
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(answer == Answer.TAKEN ? OK : UNAVAILABLE, -1);
        exchange.close();
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized List<Map<String, String>> headers() {
        return List.copyOf(headers);
    }

    /** How often it took something and did not say so. */
    synchronized int lost() {
        return lost;
    }

    private void read(byte[] request) {
        for (byte[] resource : fields(request, 1)) {
            for (byte[] scope : fields(resource, 2)) {
                fields(scope, 2).forEach(each -> events.add(event(each)));
            }
        }
    }

    private static Event event(byte[] record) {
        Map<String, String> attributes = new TreeMap<>();
        for (byte[] each : fields(record, 6)) {
            attributes.put(text(first(each, 1)), value(first(each, 2)));
        }
        return new Event(
                text(first(record, 12)),
                number(first(record, 1)),
                number(first(record, 11)),
                number(first(record, 2)),
                value(first(record, 5)),
                hex(first(record, 9)),
                hex(first(record, 10)),
                attributes,
                hex(record));
    }

    /** A value of any type. */
    private static String value(byte[] any) {
        if (!fields(any, 1).isEmpty()) {
            return text(first(any, 1));
        }
        if (!fields(any, 3).isEmpty()) {
            return Long.toString(number(first(any, 3)));
        }
        if (!fields(any, 4).isEmpty()) {
            return Double.toString(Double.longBitsToDouble(number(first(any, 4))));
        }
        List<String> texts = new ArrayList<>();
        fields(first(any, 5), 1).forEach(each -> texts.add(value(each)));
        return String.join(" ", texts);
    }

    private static byte[] first(byte[] message, int field) {
        List<byte[]> found = fields(message, field);
        return found.isEmpty() ? new byte[0] : found.get(0);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte each : bytes) {
            hex.append(String.format("%02x", each));
        }
        return hex.toString();
    }

    /** Protobuf's wire format: numbers as eight bytes, the last first. */
    private static List<byte[]> fields(byte[] message, int wanted) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            byte[] value =
                    switch ((int) (tag & 7)) {
                        case 0 ->
                                ByteBuffer.allocate(Long.BYTES)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putLong(varint(in))
                                        .array();
                        case 1 -> new byte[Long.BYTES];
                        case 2 -> new byte[(int) varint(in)];
                        case 5 -> new byte[Integer.BYTES];
                        default -> throw new IllegalArgumentException("wire type of tag " + tag);
                    };
            if ((tag & 7) != 0) {
                in.get(value);
            }
            if (tag >>> 3 == wanted) {
                found.add(value);
            }
        }
        return found;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
