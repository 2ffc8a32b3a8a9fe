package io.spectrawatch.ops.event;

import io.spectrawatch.ops.web.KeyStoreFile;
import io.spectrawatch.ops.web.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a collector is reached: headers that it asks for, whom to trust, who we are. Secrets come
 * from a file and never appear in a message.
 *
 * <pre>
 * header.Authorization=Bearer ...
 * tls.truststore=/etc/spectrawatch/trust.p12
 * tls.truststore.password=...
 * tls.keystore=/etc/spectrawatch/exporter.p12
 * tls.keystore.password=...
 * </pre>
 */
public final class CollectorConfig {

    private static final String HEADER = "header.";
    private static final String TRUST = "tls.truststore";
    private static final String KEY = "tls.keystore";
    private static final String PASSWORD = ".password";
    private static final String TYPE = ".type";
    private static final String PKCS12 = "PKCS12";

    private final Map<String, String> headers = new TreeMap<>();
    private final AbstractConfig values;

    private CollectorConfig(Map<String, String> settings) {
        Map<String, String> named = new TreeMap<>(settings);
        settings.forEach(
                (key, value) -> {
                    if (key.startsWith(HEADER) && key.length() > HEADER.length()) {
                        headers.put(key.substring(HEADER.length()), value);
                        named.remove(key);
                    }
                });
        for (String key : named.keySet()) {
            if (!definition().names().contains(key)) {
                throw new ConfigException(
                        "unknown setting '"
                                + key
                                + "' of the collector; known are header.NAME and "
                                + new TreeMap<>(definition().configKeys()).keySet());
            }
        }
        values = new AbstractConfig(definition(), named, false);
        for (String store : new String[] {TRUST, KEY}) {
            if (values.getString(store).isEmpty() != secret(store).isEmpty()) {
                throw new ConfigException(
                        store + " and " + store + PASSWORD + " belong together, found one of them");
            }
        }
    }

    private static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        store(definition, TRUST, "certificates of whom to trust; empty: what Java trusts.");
        store(definition, KEY, "our private key and certificate; empty: none is shown.");
        return definition;
    }

    private static void store(ConfigDef definition, String key, String holds) {
        definition
                .define(key, Type.STRING, "", Importance.HIGH, "Key store with " + holds)
                .define(key + PASSWORD, Type.PASSWORD, "", Importance.HIGH, "Its password.")
                .define(
                        key + TYPE,
                        Type.STRING,
                        PKCS12,
                        ValidString.in(PKCS12, "JKS"),
                        Importance.LOW,
                        "Its type.");
    }

    /** No headers, and the trust that Java has. */
    public static CollectorConfig plain() {
        return new CollectorConfig(Map.of());
    }

    /**
     * Reads a properties file.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigException if a key is unknown or lacks its counterpart
     */
    public static CollectorConfig load(Path file) throws IOException {
        return new CollectorConfig(SecretFile.read(file));
    }

    Map<String, String> headers() {
        return headers;
    }

    boolean tls() {
        return !values.getString(TRUST).isEmpty() || !values.getString(KEY).isEmpty();
    }

    private String secret(String store) {
        return values.getPassword(store + PASSWORD).value();
    }

    private KeyStore read(String store) throws IOException, GeneralSecurityException {
        if (values.getString(store).isEmpty()) {
            return null;
        }
        return KeyStoreFile.read(
                Path.of(values.getString(store)),
                values.getString(store + TYPE),
                secret(store).toCharArray());
    }

    /**
     * @throws IOException if the trust store cannot be used
     */
    X509TrustManager trust() throws IOException {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(read(TRUST));
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IOException("this Java has no trust in X.509 certificates");
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(TRUST, e);
        }
    }

    /**
     * @throws IOException if one of the stores cannot be used
     */
    SSLContext sslContext() throws IOException {
        KeyManager[] keys = null;
        try {
            KeyStore own = read(KEY);
            if (own != null) {
                keys = KeyStoreFile.keys(own, secret(KEY).toCharArray());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(KEY, e);
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use TLS: " + e.getMessage(), e);
        }
    }

    private IOException unusable(String store, Exception e) {
        return new IOException(
                "cannot use the key store "
                        + values.getString(store)
                        + " of "
                        + store
                        + ": "
                        + e.getMessage(),
                e);
    }
}
