package io.spectrawatch.ops.web;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * Looks at every request before it is served: sets the security headers of the response, also of a
 * refusal, and asks for a password where there is one.
 *
 * <p>There are two accounts. One reads; the responder's may also write notes on alerts.
 */
final class Guard implements HttpHandler {

    private static final int MISDIRECTED = 421;
    private static final String BASIC = "Basic ";
    private static final String CHALLENGE = "Basic realm=\"spectrawatch\", charset=\"UTF-8\"";

    /** Names by which this machine calls itself. */
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private static final Set<HttpString> SAFE = Set.of(Methods.GET, Methods.HEAD, Methods.OPTIONS);

    private final Credentials readers;
    private final Credentials responders;
    private final boolean ownNamesOnly;
    private final HttpHandler next;

    /**
     * @param loopback whether only this machine can connect
     */
    Guard(WebConfig config, boolean loopback, HttpHandler next) {
        this.readers =
                config.authenticates()
                        ? new Credentials(config.username(), config.password())
                        : null;
        this.responders =
                config.hasResponder()
                        ? new Credentials(config.responder(), config.responderPassword())
                        : null;
        this.ownNamesOnly = loopback && readers == null;
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        secure(exchange.getResponseHeaders());
        if (ownNamesOnly && !OWN_NAMES.contains(exchange.getHostName())) {
            // A page from elsewhere whose name was made to lead here would read what it likes.
            refuse(
                    exchange,
                    MISDIRECTED,
                    "without a password only this machine is answered, by its name localhost; see"
                            + " --web-config");
            return;
        }
        Caller caller = caller(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        if (caller == null || writes(exchange) && responders != null && !caller.responds()) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, CHALLENGE);
            refuse(exchange, StatusCodes.UNAUTHORIZED, "an account is needed for this");
            return;
        }
        if (writes(exchange) && !caller.responds()) {
            refuse(
                    exchange,
                    StatusCodes.FORBIDDEN,
                    "nobody may write here: --web-config names no responder.username");
            return;
        }
        if (writes(exchange) && !isOfOurPages(exchange)) {
            refuse(exchange, StatusCodes.FORBIDDEN, "asked for by a page from elsewhere");
            return;
        }
        caller.attachTo(exchange);
        next.handleRequest(exchange);
    }

    private static boolean writes(HttpServerExchange exchange) {
        return !SAFE.contains(exchange.getRequestMethod());
    }

    /** Null where the account is not known. */
    private Caller caller(String authorization) {
        String given = given(authorization);
        if (given != null && responders != null && responders.are(given)) {
            return new Caller(responders.name(), true);
        }
        if (given != null && readers != null && readers.are(given)) {
            return new Caller(readers.name(), false);
        }
        return readers == null ? new Caller(null, false) : null;
    }

    /** Name and password, a colon between them; null where there are none that can be read. */
    private static String given(String authorization) {
        if (authorization == null
                || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim());
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Browsers say where a request that writes comes from; programs say nothing. */
    private static boolean isOfOurPages(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        String origin = headers.getFirst(Headers.ORIGIN);
        boolean sameSite = site == null || site.equals("same-origin");
        return sameSite
                && (origin == null || origin.endsWith("://" + headers.getFirst(Headers.HOST)));
    }

    private static void secure(HeaderMap headers) {
        headers.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(Headers.X_FRAME_OPTIONS, "DENY");
        headers.put(Headers.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        headers.put(Headers.REFERRER_POLICY, "no-referrer");
        headers.put(Headers.CACHE_CONTROL, "no-store");
    }

    private static void refuse(HttpServerExchange exchange, int status, String why) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(why);
    }
}
