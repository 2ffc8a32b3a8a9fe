package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * What a monitor claims for itself alone: the topics that it writes, and its transactional ids. Two
 * monitors that share the former publish everything twice; two that share the latter end each
 * other's transactions.
 */
public final class Claims implements AutoCloseable {

    private final List<Claim> claims = new ArrayList<>();

    private Claims() {}

    /**
     * Claims everything, or nothing.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param admin stays the caller's to close, after the claims
     * @param groups one for each claim
     * @param topic of one partition, which the client may read
     * @throws IOException if another process holds one for longer than 20 s, with its host, process
     *     and time; a dead one does not
     */
    public static Claims take(Map<String, ?> client, Admin admin, List<String> groups, String topic)
            throws IOException, InterruptedException {
        return take(client, admin, groups, topic, Claim.PATIENCE);
    }

    /** As {@link #take(Map, Admin, List, String)}, with another patience for the holder. */
    public static Claims take(
            Map<String, ?> client,
            Admin admin,
            List<String> groups,
            String topic,
            Duration patience)
            throws IOException, InterruptedException {
        Claims taken = new Claims();
        Holder self = Holder.self();
        try {
            for (String group : groups) {
                taken.claims.add(Claim.take(client, admin, group, topic, self, patience));
            }
            return taken;
        } catch (IOException | InterruptedException | RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    /** Who holds a claim, in words; empty where nobody does. */
    public static Optional<String> holder(Admin admin, String group)
            throws IOException, InterruptedException {
        return Claim.holder(admin, group);
    }

    /** Why a claim is another's now; empty while none is. */
    public Optional<String> lost() {
        return claims.stream().flatMap(each -> each.lost().stream()).findFirst();
    }

    @Override
    public void close() {
        claims.forEach(Claim::close);
        claims.clear();
    }
}
