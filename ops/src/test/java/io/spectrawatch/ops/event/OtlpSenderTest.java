package io.spectrawatch.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.event.OtlpReceiver.Answer;
import io.spectrawatch.ops.security.Keystores;
import io.spectrawatch.schemas.AlertTransition;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a collector is reached, and what is said when it is not. */
@Timeout(60)
class OtlpSenderTest {

    private static final String SECRET = "Bearer s3cr3t";

    private final LogRecordData event =
            new AlertEventForm().of(MadeAlerts.drift("a", AlertTransition.RAISED, 1), 1);

    @TempDir private Path folder;

    private CollectorConfig config(String... lines) throws IOException {
        return CollectorConfig.load(
                Files.write(folder.resolve("collector.properties"), List.of(lines)));
    }

    @Test
    void headersComeFromAFile() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver(() -> Answer.TAKEN);
                OtlpSender sender =
                        new OtlpSender(
                                receiver.endpoint(), config("header.Authorization=" + SECRET))) {
            assertNull(sender.send(event));
            assertEquals(SECRET, receiver.headers().get(0).get("Authorization"));
        }
    }

    @Test
    void theCollectorIsTrustedByItsStoreAndShownWhoSends() throws Exception {
        Keystores stores = Keystores.in(folder);
        String[] trust = {
            "tls.truststore=" + stores.trust(), "tls.truststore.password=" + Keystores.PASSWORD
        };
        CollectorConfig both =
                config(
                        trust[0],
                        trust[1],
                        "tls.keystore=" + stores.key(),
                        "tls.keystore.password=" + Keystores.PASSWORD);
        // It shows the key that it trusts.
        try (OtlpReceiver receiver = OtlpReceiver.secured(() -> Answer.TAKEN, both.sslContext())) {
            assertNull(sent(receiver.endpoint(), both));
            assertEquals("a", receiver.events().get(0).id());
            for (CollectorConfig wrong : List.of(config(trust), CollectorConfig.plain())) {
                assertNotNull(sent(receiver.endpoint(), wrong));
            }
            assertEquals(1, receiver.events().size());
        }
    }

    private String sent(URI endpoint, CollectorConfig config) throws IOException {
        try (OtlpSender sender = new OtlpSender(endpoint, config)) {
            return sender.send(event);
        }
    }

    @Test
    void whatFailedIsSaidAndTriedOnce() throws Exception {
        int[] asked = {0};
        try (OtlpReceiver receiver =
                new OtlpReceiver(
                        () -> {
                            asked[0]++;
                            return asked[0] == 1 ? Answer.REFUSED : Answer.TAKEN_AND_LOST;
                        })) {
            assertEquals("it answered 503", sent(receiver.endpoint(), CollectorConfig.plain()));
            assertNotNull(sent(receiver.endpoint(), CollectorConfig.plain()));
            assertEquals(2, asked[0]);
        }
        String nobody = sent(URI.create("http://127.0.0.1:1/v1/logs"), CollectorConfig.plain());
        assertTrue(nobody.contains("ConnectException"), nobody);
    }

    @Test
    void whatIsWrongIsSaidWithoutTheSecret() {
        String header = "header.Authorization=" + SECRET;
        String half =
                assertThrows(ConfigException.class, () -> config(header, "tls.truststore=x"))
                        .getMessage();
        assertEquals(
                "tls.truststore and tls.truststore.password belong together, found one of them",
                half);
        String unknown =
                assertThrows(ConfigException.class, () -> config("headers.Authorization=" + SECRET))
                        .getMessage();
        assertTrue(unknown.contains("unknown setting 'headers.Authorization'"), unknown);
        assertFalse(unknown.contains(SECRET), unknown);
        String store =
                assertThrows(
                                IOException.class,
                                () ->
                                        config("tls.truststore=none", "tls.truststore.password=pw7")
                                                .sslContext())
                        .getMessage();
        assertEquals("cannot use the key store none of tls.truststore: none", store);
    }
}
