package io.spectrawatch.ops.console;

import io.spectrawatch.ops.console.store.WatchedModel;
import io.undertow.server.HttpServerExchange;
import java.util.Deque;
import java.util.Map;

/** What a request asks about. Wrong values are an {@link IllegalArgumentException} that says so. */
final class Query {

    private final Map<String, Deque<String>> parameters;

    Query(HttpServerExchange exchange) {
        this.parameters = exchange.getQueryParameters();
    }

    /** Null where it is not given, or empty. */
    String text(String name) {
        Deque<String> values = parameters.get(name);
        return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException("the parameter " + name + " is missing");
        }
        return text;
    }

    int number(String name, int usual, int most) {
        String text = text(name);
        if (text == null) {
            return usual;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + " must be 1 to " + most + ", found " + text);
    }

    WatchedModel model() {
        return new WatchedModel(required("model"), required("version"), text("segment"));
    }
}
