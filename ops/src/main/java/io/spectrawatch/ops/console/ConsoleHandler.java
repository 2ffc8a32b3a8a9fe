package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.web.Caller;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the console's requests: its files, and JSON below {@code /api}. */
final class ConsoleHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);

    /** Our own files and nothing else: no script or style in a page, nothing from elsewhere. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final String JSON = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Answers a question. */
    interface Answer {
        JsonNode to(HttpServerExchange exchange) throws IOException, NoSuchThingException;
    }

    private final Map<String, Answer> answers = new TreeMap<>();
    private final NoteApi notes;

    ConsoleHandler(NoteApi notes) {
        this.notes = notes;
    }

    ConsoleHandler add(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (exchange.isInIoThread()) {
            // Answers wait for locks, and some for the brokers.
            exchange.dispatch(this);
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_SECURITY_POLICY, POLICY);
        String path = exchange.getRequestPath();
        if (exchange.getRequestMethod().equals(Methods.POST)) {
            write(exchange, path);
        } else if (!exchange.getRequestMethod().equals(Methods.GET)
                && !exchange.getRequestMethod().equals(Methods.HEAD)) {
            refuse(exchange, StatusCodes.METHOD_NOT_ALLOWED, "only GET, HEAD and POST are served");
        } else if (answers.containsKey(path)) {
            answer(exchange, answers.get(path));
        } else {
            file(exchange, path);
        }
    }

    private void write(HttpServerExchange exchange, String path) {
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (!path.equals("/api/notes")) {
            refuse(exchange, StatusCodes.NOT_FOUND, "notes are written to /api/notes");
        } else if (type == null || !type.startsWith(JSON)) {
            // A form of another site can send no such type.
            refuse(exchange, StatusCodes.UNSUPPORTED_MEDIA_TYPE, "a note is " + JSON);
        } else {
            exchange.getRequestReceiver()
                    .receiveFullBytes(
                            (open, body) ->
                                    answer(open, each -> notes.accept(body, Caller.of(each))));
        }
    }

    private static void answer(HttpServerExchange exchange, Answer answer) {
        try {
            byte[] body = MAPPER.writeValueAsBytes(answer.to(exchange));
            send(exchange, body, JSON);
        } catch (IllegalArgumentException e) {
            refuse(exchange, StatusCodes.BAD_REQUEST, e.getMessage());
        } catch (NoSuchThingException e) {
            refuse(exchange, StatusCodes.NOT_FOUND, e.getMessage());
        } catch (IOException e) {
            LOG.warn("{}: {}", exchange.getRequestPath(), e.getMessage());
            refuse(exchange, StatusCodes.BAD_GATEWAY, e.getMessage());
        }
    }

    private static void file(HttpServerExchange exchange, String path) throws IOException {
        StaticFiles.File file = StaticFiles.at(path);
        if (file == null) {
            refuse(exchange, StatusCodes.NOT_FOUND, "there is no such page");
        } else {
            send(exchange, file.content(), file.type());
        }
    }

    private static void send(HttpServerExchange exchange, byte[] body, String type) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }

    private static void refuse(HttpServerExchange exchange, int status, String why) {
        exchange.setStatusCode(status);
        byte[] body = Trees.object().put("error", why).toString().getBytes(StandardCharsets.UTF_8);
        send(exchange, body, JSON);
    }
}
