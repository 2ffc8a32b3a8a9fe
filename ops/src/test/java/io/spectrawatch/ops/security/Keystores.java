package io.spectrawatch.ops.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed key for 127.0.0.1 and the store of those who trust it, made by keytool. */
public final class Keystores {

    /** Written into files only, and looked for in everything that is printed. */
    public static final String PASSWORD = "kQ7-store-secret";

    private final Path key;
    private final Path trust;

    private Keystores(Path key, Path trust) {
        this.key = key;
        this.trust = trust;
    }

    /** Makes both stores in a folder. */
    public static Keystores in(Path folder) throws IOException, InterruptedException {
        Keystores stores = new Keystores(folder.resolve("key.p12"), folder.resolve("trust.p12"));
        Path certificate = folder.resolve("certificate.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "localhost",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-keystore",
                stores.key.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "localhost",
                "-file",
                certificate.toString(),
                "-keystore",
                stores.key.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "localhost",
                "-file",
                certificate.toString(),
                "-keystore",
                stores.trust.toString());
        return stores;
    }

    public Path key() {
        return key;
    }

    public Path trust() {
        return trust;
    }

    /** A context that trusts the key and nothing else. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(trust)) {
            store.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }
}
