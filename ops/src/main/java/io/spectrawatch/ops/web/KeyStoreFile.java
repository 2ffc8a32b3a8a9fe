package io.spectrawatch.ops.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A key store in a file. */
public final class KeyStoreFile {

    private KeyStoreFile() {}

    /**
     * Reads one.
     *
     * @param type such as PKCS12
     * @throws IOException if it cannot be read, or the password is wrong
     * @throws GeneralSecurityException if its type or what it holds is unknown
     */
    public static KeyStore read(Path file, String type, char[] password)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(in, password);
            return store;
        }
    }

    /**
     * Returns what shows the keys of a store.
     *
     * @throws GeneralSecurityException if the password is not that of the keys
     */
    public static KeyManager[] keys(KeyStore store, char[] password)
            throws GeneralSecurityException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return keys.getKeyManagers();
    }
}
