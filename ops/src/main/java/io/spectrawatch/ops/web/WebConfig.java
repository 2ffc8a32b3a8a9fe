package io.spectrawatch.ops.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * How an HTTP endpoint is secured: TLS, basic authentication, both or neither. Secrets come from a
 * file and never appear in a message.
 *
 * <pre>
 * tls.keystore=/etc/spectrawatch/exporter.p12
 * tls.keystore.password=...
 * basic.auth.username=prometheus
 * basic.auth.password=...
 * responder.username=on-call
 * responder.password=...
 * </pre>
 */
public final class WebConfig {

    public static final String KEYSTORE = "tls.keystore";
    public static final String KEYSTORE_PASSWORD = "tls.keystore.password";
    public static final String KEYSTORE_TYPE = "tls.keystore.type";
    public static final String USERNAME = "basic.auth.username";
    public static final String PASSWORD = "basic.auth.password";
    public static final String RESPONDER = "responder.username";
    public static final String RESPONDER_PASSWORD = "responder.password";

    private final AbstractConfig values;

    private WebConfig(Map<String, ?> settings) {
        this.values = new AbstractConfig(definition(), settings, false);
        requireBoth(KEYSTORE, KEYSTORE_PASSWORD);
        requireBoth(USERNAME, PASSWORD);
        requireBoth(RESPONDER, RESPONDER_PASSWORD);
        requireNoColon(USERNAME);
        requireNoColon(RESPONDER);
        if (authenticates() && username().equals(responder())) {
            throw new ConfigException(RESPONDER + " must differ from " + USERNAME);
        }
    }

    private void requireNoColon(String name) {
        if (values.getString(name).indexOf(':') >= 0) {
            throw new ConfigException(name + " must not contain a colon");
        }
    }

    /** Every setting with type, default and meaning. */
    public static ConfigDef definition() {
        return new ConfigDef()
                .define(
                        KEYSTORE,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "Keystore with the endpoint's private key and certificate; empty: plain"
                                + " HTTP.")
                .define(
                        KEYSTORE_PASSWORD,
                        Type.PASSWORD,
                        "",
                        Importance.HIGH,
                        "Password of the keystore and of its key.")
                .define(
                        KEYSTORE_TYPE,
                        Type.STRING,
                        "PKCS12",
                        ValidString.in("PKCS12", "JKS"),
                        Importance.LOW,
                        "Type of the keystore.")
                .define(
                        USERNAME,
                        Type.STRING,
                        "",
                        Importance.HIGH,
                        "User of the basic authentication; empty: none is asked for.")
                .define(
                        PASSWORD,
                        Type.PASSWORD,
                        "",
                        Importance.HIGH,
                        "Password of the basic authentication.")
                .define(
                        RESPONDER,
                        Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "User who may also acknowledge and judge alerts in the console; empty:"
                                + " nobody may there.")
                .define(
                        RESPONDER_PASSWORD,
                        Type.PASSWORD,
                        "",
                        Importance.MEDIUM,
                        "Password of that user.");
    }

    /** Neither TLS nor authentication: for the loopback address. */
    public static WebConfig open() {
        return new WebConfig(Map.of());
    }

    /**
     * Reads a properties file.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigException if a key is unknown or lacks its counterpart
     */
    public static WebConfig load(Path file) throws IOException {
        Map<String, String> settings = SecretFile.read(file);
        for (String key : settings.keySet()) {
            if (!definition().names().contains(key)) {
                throw new ConfigException(
                        "unknown setting '"
                                + key
                                + "' in "
                                + file
                                + "; known are "
                                + new TreeMap<>(definition().configKeys()).keySet());
            }
        }
        return new WebConfig(settings);
    }

    private void requireBoth(String first, String second) {
        boolean one = !values.getString(first).isEmpty();
        boolean other = !secret(second).isEmpty();
        if (one != other) {
            throw new ConfigException(
                    first + " and " + second + " belong together, found only one of them");
        }
    }

    boolean tls() {
        return !values.getString(KEYSTORE).isEmpty();
    }

    boolean authenticates() {
        return !values.getString(USERNAME).isEmpty();
    }

    /** Whether somebody may acknowledge and judge alerts in the console. */
    public boolean hasResponder() {
        return !responder().isEmpty();
    }

    String responder() {
        return values.getString(RESPONDER);
    }

    String responderPassword() {
        return secret(RESPONDER_PASSWORD);
    }

    Path keystore() {
        return Path.of(values.getString(KEYSTORE));
    }

    char[] keystorePassword() {
        return secret(KEYSTORE_PASSWORD).toCharArray();
    }

    String keystoreType() {
        return values.getString(KEYSTORE_TYPE);
    }

    String username() {
        return values.getString(USERNAME);
    }

    String password() {
        return secret(PASSWORD);
    }

    private String secret(String key) {
        Password password = values.getPassword(key);
        return password == null ? "" : password.value();
    }
}
