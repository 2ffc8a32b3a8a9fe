package io.spectrawatch.ops.faults;

import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ingest in a JVM of its own, started by its command. */
final class IngestJvm {

    /** Optimising code takes longer than these JVMs live. */
    static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final EmbeddedBroker broker;
    private final String prefix;
    private final Path folder;
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    /**
     * @param folder takes its log, {@code ingest.log}, and its state
     */
    IngestJvm(EmbeddedBroker broker, String prefix, Path folder) {
        this.broker = broker;
        this.prefix = prefix;
        this.folder = folder;
    }

    /** With options of the virtual machine. */
    IngestJvm options(List<String> more) {
        options.addAll(more);
        return this;
    }

    /** With a setting of ingest. */
    IngestJvm set(String key, Object value) {
        arguments.addAll(List.of("-D", key + "=" + value));
        return this;
    }

    /** A killed process is noticed, and its transaction ended, sooner. */
    IngestJvm shortTimeouts() {
        command("session.timeout.ms=6000");
        command("heartbeat.interval.ms=1000");
        command("transaction.timeout.ms=5000");
        return this;
    }

    private void command(String property) {
        arguments.addAll(List.of("--command-property", property));
    }

    /** Starts it and returns at once. */
    ChildJvm start() throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("ingest", "--bootstrap-server", broker.bootstrapServers()));
        command.addAll(List.of("--topic-prefix", prefix, "--metrics-port", "0"));
        command.addAll(List.of("-D", "state.dir=" + folder.resolve("streams")));
        command.addAll(arguments);
        return ChildJvm.named("ingest")
                .options(options.toArray(String[]::new))
                .log(folder.resolve("ingest.log"))
                .start(Main.class.getName(), command.toArray(String[]::new));
    }
}
