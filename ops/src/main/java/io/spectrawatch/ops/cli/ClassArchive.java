package io.spectrawatch.ops.cli;

import io.spectrawatch.schemas.Compatibility;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;

/**
 * Loads the classes that commands need from their start to their first answer, for the archive that
 * {@code bin/spectrawatch} has the virtual machine write at the end of this program. It does
 * nothing else: no file is written, and nothing is connected to.
 */
final class ClassArchive {

    private ClassArchive() {}

    public static void main(String[] args) {
        PrintWriter nowhere =
                new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Main.execute(nowhere, nowhere, "--version");
        help(new CommandLine(new Main()), nowhere, "");
        // settings, records and an administration client, up to the first connection
        for (String service : new String[] {"ingest", "monitor"}) {
            Main.execute(
                    nowhere,
                    nowhere,
                    service,
                    "--bootstrap-server",
                    "127.0.0.1:1",
                    "--print-config");
        }
        Compatibility.problems();
        Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1")).close();
    }

    private static void help(CommandLine command, PrintWriter nowhere, String path) {
        for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
            String own = (path + " " + each.getKey()).strip();
            Main.execute(nowhere, nowhere, (own + " --help").split(" "));
            help(each.getValue(), nowhere, own);
        }
    }
}
