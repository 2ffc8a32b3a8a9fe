package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The trails of a model's clients from pane to pane: of each client with evidence that it searches
 * how many requests it sent and how many of them were close, since the evidence began.
 *
 * <p>A client without evidence after a pane is forgotten and begins anew, so that honest requests
 * are no credit for later ones; {@link TrailOptions} counts every beginning. Of more clients than
 * the options keep, those whose alert stands stay, then those with most evidence. Forgetting one
 * costs power, and no false alert.
 *
 * <p>Immutable; its digest links panes into a hash chain. Its form, big-endian:
 *
 * <pre>
 *   int32 magic "SWTR" | int32 version = 1
 *   int32 clients | clients x (text id | int64 requests | int64 close | flag alert stands
 *       | int32 calm panes)
 * </pre>
 */
public final class TrailState {
    private static final int MAGIC = 0x53575452;
    private static final int VERSION = 1;
    private static final String WHAT = "trails of clients";
    private static final int LEAST_CLIENT_BYTES = 2 * Integer.BYTES + 2 * Long.BYTES + 1;

    /** The state before the first pane of a baseline. */
    public static final TrailState NONE = new TrailState(new TreeMap<>());

    private final TreeMap<String, Trail> clients;

    private TrailState(TreeMap<String, Trail> clients) {
        this.clients = clients;
    }

    /**
     * What is kept of a client.
     *
     * @param close requests among them that were close to one of its last
     * @param calm panes without evidence since its alert was raised
     */
    private record Trail(long requests, long close, boolean active, int calm) {
        double logEvidence() {
            return TrailOptions.logEvidence(requests, close);
        }
    }

    /**
     * An alert on a client raised or resolved.
     *
     * @param requests that the evidence is of, 0 where it is resolved
     * @param close requests among them that were close to one of its last
     */
    public record Transition(
            String client,
            boolean raised,
            long requests,
            long close,
            double logEvidence,
            double logThreshold) {}

    /** What a pane did: the state after it, and alerts in the order of the clients. */
    public record Decision(TrailState state, List<Transition> transitions) {}

    /**
     * Returns the state after a pane and what it did.
     *
     * @param pane the clients counted in it, each with its requests and, as exceedances, the close
     *     ones
     * @param paneMicros length of the pane
     */
    public Decision observe(List<HeavyHitters.Entry> pane, TrailOptions options, long paneMicros) {
        TreeMap<String, HeavyHitters.Entry> seen = new TreeMap<>();
        pane.forEach(each -> seen.put(each.client(), each));
        double threshold = options.logThreshold(paneMicros);
        TreeMap<String, Trail> next = new TreeMap<>();
        List<Transition> transitions = new ArrayList<>();
        clients.forEach(
                (client, trail) -> {
                    if (trail.active()) {
                        stand(client, trail, seen.get(client), options, next, transitions);
                    } else if (!seen.containsKey(client)) {
                        next.put(client, trail);
                    }
                });
        for (HeavyHitters.Entry each : seen.values()) {
            Trail before = clients.getOrDefault(each.client(), new Trail(0, 0, false, 0));
            long requests = Math.addExact(before.requests(), each.samples());
            long close = Math.addExact(before.close(), each.exceedances());
            double evidence = TrailOptions.logEvidence(requests, close);
            if (!before.active() && evidence > 0) {
                next.put(each.client(), new Trail(requests, close, evidence >= threshold, 0));
            }
        }
        keep(next, options.clients());
        next.forEach(
                (client, trail) -> {
                    if (trail.active() && !stands(client)) {
                        transitions.add(
                                new Transition(
                                        client,
                                        true,
                                        trail.requests(),
                                        trail.close(),
                                        trail.logEvidence(),
                                        threshold));
                    }
                });
        transitions.sort(Comparator.comparing(Transition::client));
        return new Decision(new TrailState(next), List.copyOf(transitions));
    }

    /** A standing alert goes on, or ends with its last calm pane. */
    private static void stand(
            String client,
            Trail trail,
            HeavyHitters.Entry entry,
            TrailOptions options,
            TreeMap<String, Trail> next,
            List<Transition> transitions) {
        boolean goesOn =
                entry != null && TrailOptions.logEvidence(entry.samples(), entry.exceedances()) > 0;
        int calm = goesOn ? 0 : trail.calm() + 1;
        if (calm < options.calmPanes()) {
            next.put(client, new Trail(trail.requests(), trail.close(), true, calm));
        } else {
            transitions.add(new Transition(client, false, 0, 0, 0, 0));
        }
    }

    private void keep(TreeMap<String, Trail> next, int most) {
        List<Map.Entry<String, Trail>> order = new ArrayList<>(next.entrySet());
        order.sort(
                Comparator.comparing((Map.Entry<String, Trail> each) -> !stands(each.getKey()))
                        .thenComparing(each -> -each.getValue().logEvidence())
                        .thenComparing(Map.Entry::getKey));
        List<String> dropped = order.stream().skip(most).map(Map.Entry::getKey).toList();
        next.keySet().removeAll(dropped);
    }

    private boolean stands(String client) {
        Trail trail = clients.get(client);
        return trail != null && trail.active();
    }

    /** Returns the clients whose alert stands, by id. */
    public List<String> standing() {
        return clients.keySet().stream().filter(this::stands).toList();
    }

    /** Returns the versioned binary form that is drawn above. */
    public byte[] toBytes() {
        ByteWriter out = new ByteWriter(ByteOrder.BIG_ENDIAN, 16 + 64 * clients.size());
        out.int32(MAGIC).int32(VERSION).int32(clients.size());
        clients.forEach(
                (client, trail) ->
                        out.text(client)
                                .int64(trail.requests())
                                .int64(trail.close())
                                .flag(trail.active())
                                .int32(trail.calm()));
        return out.toBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    public static TrailState fromBytes(byte[] bytes) {
        ByteReader in =
                new ByteReader(bytes, ByteOrder.BIG_ENDIAN, WHAT, IllegalArgumentException::new);
        in.magic(MAGIC, WHAT);
        in.version(in.int32(), VERSION);
        TreeMap<String, Trail> clients = new TreeMap<>();
        int count = in.count(LEAST_CLIENT_BYTES);
        for (int i = 0; i < count; i++) {
            String client = in.requiredText();
            in.require(
                    clients.isEmpty() || clients.lastKey().compareTo(client) < 0,
                    "clients ascending by id",
                    client);
            long requests = in.int64();
            long close = in.int64();
            in.require(
                    close >= 1 && requests >= close,
                    "requests, one close one at least among them",
                    List.of(requests, close));
            boolean active = in.flag();
            int calm = in.int32("calm panes", 0, active ? Integer.MAX_VALUE - 1 : 0);
            clients.put(client, new Trail(requests, close, active, calm));
        }
        in.end();
        return new TrailState(clients);
    }

    /** Returns the SHA-256 of the binary form in hex. */
    public String digest() {
        return Sha256.hex(toBytes());
    }
}
