package io.spectrawatch.ops.security;

import io.spectrawatch.ops.admin.Right;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;

/**
 * A broker whose clients come over TLS with a name and a password, and may do what ACLs allow. Its
 * plain listener is the test's own way in.
 */
public final class SecuredBroker implements AutoCloseable {

    /** What the processes of a deployment with default names go by. */
    public static final Role.Ids IDS =
            new Role.Ids(
                    Topics.DEFAULT_PREFIX,
                    Topics.DEFAULT_PREFIX,
                    "spectrawatch.ingest",
                    "spectrawatch-monitor",
                    "spectrawatch-monitor");

    /** Part of every password: what must never be seen. */
    public static final String SECRET = "s3cr3t-of-";

    private final EmbeddedBroker broker;
    private final Keystores stores;
    private final Path folder;
    private final Admin admin;

    private SecuredBroker(EmbeddedBroker broker, Keystores stores, Path folder) {
        this.broker = broker;
        this.stores = stores;
        this.folder = folder;
        this.admin = Admin.create(anonymous());
    }

    public static SecuredBroker start(Path folder) throws Exception {
        Keystores stores = Keystores.in(folder);
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("ssl.keystore.location", stores.key().toString());
        properties.put("ssl.keystore.password", Keystores.PASSWORD);
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put(
                "listener.name.secured.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS;User:admin");
        EmbeddedBroker broker =
                EmbeddedBroker.start(
                        folder.resolve("broker"),
                        new EmbeddedBroker.SecuredListener("SASL_SSL", properties));
        return new SecuredBroker(broker, stores, folder);
    }

    /** Address for clients with a name. */
    public String servers() {
        return broker.securedServers();
    }

    /** The way in for clients that need no name and have every right. */
    public Map<String, Object> anonymous() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    /** A client with every right. */
    public Admin admin() {
        return admin;
    }

    public Keystores stores() {
        return stores;
    }

    /** Makes a user with rights and returns the properties file with which it connects. */
    public Path user(String name, List<Right> rights) throws Exception {
        admin.alterUserScramCredentials(
                        List.of(
                                new UserScramCredentialUpsertion(
                                        name,
                                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                        SECRET + name)))
                .all()
                .get();
        admin.createAcls(rights.stream().map(right -> binding(name, right)).toList()).all().get();
        return client(name, SECRET + name);
    }

    private static AclBinding binding(String name, Right right) {
        return new AclBinding(
                right.resource(),
                new AccessControlEntry(
                        "User:" + name, "*", right.operation(), AclPermissionType.ALLOW));
    }

    /** The properties file of a client that gives a name and a password. */
    public Path client(String name, String password) throws IOException {
        return Files.write(
                folder.resolve(name + ".properties"),
                List.of(
                        "security.protocol=SASL_SSL",
                        "sasl.mechanism=SCRAM-SHA-512",
                        "sasl.jaas.config="
                                + "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\""
                                + name
                                + "\" password=\""
                                + password
                                + "\";",
                        "ssl.truststore.location=" + stores.trust(),
                        "ssl.truststore.password=" + Keystores.PASSWORD,
                        "ssl.truststore.type=PKCS12",
                        "default.api.timeout.ms=120000",
                        "request.timeout.ms=60000"));
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
