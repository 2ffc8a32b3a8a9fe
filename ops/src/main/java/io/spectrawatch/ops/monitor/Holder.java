package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a claim, as the brokers show it: in the client id of a group's member.
 *
 * @param host name of its machine
 * @param pid of its process there
 * @param since when the process claimed
 * @param boot what its process id counts within: the machine's start and the namespace of ids;
 *     empty where the system does not tell
 */
record Holder(String host, long pid, String since, String boot) {

    private static final Pattern CLIENT_ID =
            Pattern.compile("monitor-claim host=(\\S+) pid=(\\d{1,18}) since=(\\S+) boot=(\\S*)");

    /** This process, from now on. */
    static Holder self() {
        return new Holder(
                hostName(),
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                bootId());
    }

    /** Reads a client id; empty where it has another form. */
    static Optional<Holder> parse(String clientId) {
        Matcher parts = CLIENT_ID.matcher(clientId);
        return parts.matches()
                ? Optional.of(
                        new Holder(
                                parts.group(1),
                                Long.parseLong(parts.group(2)),
                                parts.group(3),
                                parts.group(4)))
                : Optional.empty();
    }

    /** In words; a client id of another form is shown as it is. */
    static String describe(String clientId, String address) {
        return parse(clientId).map(Holder::describe).orElse(clientId + " at " + address);
    }

    private String describe() {
        return "the monitor on host " + host + ", process " + pid + ", since " + since;
    }

    String clientId() {
        return "monitor-claim host=" + host + " pid=" + pid + " since=" + since + " boot=" + boot;
    }

    /**
     * Whether its process is gone for sure: it ran under the same kernel, whose processes can be
     * seen from here, and is none of them. One that has this process's own id was before it.
     */
    boolean isDead() {
        Holder self = self();
        return !boot.isEmpty()
                && boot.equals(self.boot)
                && (pid == self.pid ? !since.equals(self.since) : ProcessHandle.of(pid).isEmpty());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String bootId() {
        try {
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }
}
