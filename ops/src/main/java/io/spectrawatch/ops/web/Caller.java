package io.spectrawatch.ops.web;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;

/**
 * Who asks.
 *
 * @param name of the account, null where none was asked for
 * @param responds whether the account may say something of alerts
 */
public record Caller(String name, boolean responds) {

    private static final AttachmentKey<Caller> KEY = AttachmentKey.create(Caller.class);

    /** Who asks by this request. */
    public static Caller of(HttpServerExchange exchange) {
        return exchange.getAttachment(KEY);
    }

    void attachTo(HttpServerExchange exchange) {
        exchange.putAttachment(KEY, this);
    }
}
