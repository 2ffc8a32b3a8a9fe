package io.spectrawatch.ops.web;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Looks at every request before it is served: sets the security headers of the response, also of a
 * refusal, and asks for a password where there is one.
 */
final class Guard extends Authenticator {

    private static final String REALM = "spectrawatch";
    private static final HttpPrincipal ANYBODY = new HttpPrincipal("anybody", REALM);

    private final Authenticator password;

    Guard(WebConfig config) {
        this.password = config.authenticates() ? new PasswordCheck(config) : null;
    }

    @Override
    public Result authenticate(HttpExchange exchange) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        return password == null ? new Success(ANYBODY) : password.authenticate(exchange);
    }

    /** Compares digests, in a time that depends on neither name nor password. */
    private static final class PasswordCheck extends BasicAuthenticator {

        private final byte[] expected;

        PasswordCheck(WebConfig config) {
            super(REALM, StandardCharsets.UTF_8);
            this.expected = digest(config.username(), config.password());
        }

        @Override
        public boolean checkCredentials(String username, String password) {
            return MessageDigest.isEqual(expected, digest(username, password));
        }

        private static byte[] digest(String username, String password) {
            // A name has no colon, so the pair cannot be split in two ways.
            return Sha256.of((username + ':' + password).getBytes(StandardCharsets.UTF_8));
        }
    }
}
