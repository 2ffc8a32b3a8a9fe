package io.spectrawatch.ops.admin;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a client will be for the brokers, as far as its own properties tell. */
final class Principal {

    private static final Pattern USERNAME = Pattern.compile("username\\s*=\\s*\"?([^\"\\s;]+)\"?");

    private Principal() {}

    /** For example {@code User:capture}. Of the secrets beside the name nothing is returned. */
    static String of(Map<String, ?> client) {
        String protocol = text(client, "security.protocol");
        if (protocol.startsWith("SASL_")) {
            Matcher matcher = USERNAME.matcher(text(client, "sasl.jaas.config"));
            return matcher.find() ? "User:" + matcher.group(1) : "this client";
        }
        return protocol.equals("SSL") ? "the client's certificate" : "User:ANONYMOUS";
    }

    private static String text(Map<String, ?> client, String key) {
        Object value = client.get(key);
        return value == null ? "" : value.toString();
    }
}
