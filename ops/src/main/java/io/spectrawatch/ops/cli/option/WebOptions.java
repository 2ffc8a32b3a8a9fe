package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ops.web.WebConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a service shows its metrics, and to whom. */
public final class WebOptions {

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Address the metrics and pages are served on (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--web-config",
            paramLabel = "FILE",
            description =
                    "Properties file that secures them: tls.keystore, tls.keystore.password,"
                            + " basic.auth.username, basic.auth.password; and who may acknowledge"
                            + " alerts in the console: responder.username, responder.password.")
    private Path file;

    public InetSocketAddress address(int port) {
        return new InetSocketAddress(host, port);
    }

    public WebConfig config() throws IOException {
        return file == null ? WebConfig.open() : WebConfig.load(KafkaOptions.readable(file));
    }
}
