package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.sequential.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a model is under attack: sequential tests on the share of samples beyond the tolerance
 * limit, pane by pane, of all traffic and of the clients that send most.
 *
 * <pre>{@code
 * AttackDecision decision = state.observe(pane, options);
 * decision.transitions().forEach(...);
 * state = decision.state();
 * }</pre>
 *
 * <p>While the expected share of every pane, given the panes before, stays at the tolerated one,
 * the probability that any such alert is ever raised is at most alpha + delta (Ville's inequality
 * and the union bound). A pane counts as one observation, so samples within a pane may depend on
 * each other in any way.
 *
 * <p>Of the clients so many are watched at a time as the options say. Where there are more, one
 * that sent nothing in the pane and whose alert does not stand makes room, the longest silent
 * first; a client that comes back begins anew with a smaller share of alpha. Without room a client
 * is not watched in that pane. A pane without samples of a client is calm for its alert and no
 * observation for its test.
 *
 * <p>Immutable; its digest links panes into a hash chain, so that an audit can replay one step.
 */
public final class AttackState {
    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int magic "SWAT" | int version = 1 | UTF baseline
     *   watch of all traffic | long panes | int admissions
     *   int clients | clients x (int bytes | UTF-8 id | long last pane | int admission | watch)
     *   watch = int bytes | test | boolean active | int calm panes
     * </pre>
     */
    private static final int MAGIC = 0x53574154;

    private static final int VERSION = 1;

    /** Of an empty id and an empty test, which both do not exist. */
    private static final int LEAST_CLIENT_BYTES = 4 * Integer.BYTES + Long.BYTES + 1;

    private final String baselineId;
    private final AttackWatch model;
    private final long panes;
    private final int admissions;
    private final TreeMap<String, Client> clients;

    /**
     * A watched client.
     *
     * @param lastPane number of the pane that last held samples of it
     * @param admission its number among all clients ever watched, from 1
     */
    private record Client(AttackWatch watch, long lastPane, int admission) {}

    private AttackState(
            String baselineId,
            AttackWatch model,
            long panes,
            int admissions,
            TreeMap<String, Client> clients) {
        this.baselineId = baselineId;
        this.model = model;
        this.panes = panes;
        this.admissions = admissions;
        this.clients = clients;
    }

    /** Returns the state before the first pane of a model. */
    public static AttackState start(String baselineId, AttackOptions options) {
        return new AttackState(
                baselineId,
                AttackWatch.start(Evidence.start(options.model())),
                0,
                0,
                new TreeMap<>());
    }

    /**
     * Returns the state before the first pane under a new baseline: nothing stands, and the tests
     * go on with the next epoch, because earlier ones spent their share.
     */
    public AttackState rebase(String nextBaselineId, AttackOptions options) {
        int epoch = Math.addExact(model.evidence().epoch(), 1);
        return new AttackState(
                nextBaselineId,
                AttackWatch.start(Evidence.start(options.model(), epoch)),
                panes,
                admissions,
                new TreeMap<>());
    }

    /** Returns the state after a pane and what it did; a pane without samples changes nothing. */
    public AttackDecision observe(PaneExceedances pane, AttackOptions options) {
        if (pane.samples() == 0) {
            return new AttackDecision(this, List.of());
        }
        List<AttackTransition> transitions = new ArrayList<>();
        long number = panes + 1;
        AttackWatch next = model.observe(share(pane.exceedances(), pane.samples()), options);
        note(null, model, next, pane.samples(), pane.exceedances(), transitions);
        TreeMap<String, Client> watched = new TreeMap<>(clients);
        int admitted = admissions;
        for (HeavyHitters.Entry entry : pane.clients()) {
            Client before = watched.get(entry.client());
            if (before == null && makeRoom(watched, number, options)) {
                admitted = Math.addExact(admitted, 1);
                Evidence test = Evidence.start(options.client(admitted));
                before = new Client(AttackWatch.start(test), number, admitted);
            }
            if (before != null) {
                double share = share(entry.exceedances(), entry.samples());
                AttackWatch after = before.watch().observe(share, options);
                watched.put(entry.client(), new Client(after, number, before.admission()));
                note(
                        entry.client(),
                        before.watch(),
                        after,
                        entry.samples(),
                        entry.exceedances(),
                        transitions);
            }
        }
        calmTheSilent(watched, number, options, transitions);
        AttackState after = new AttackState(baselineId, next, number, admitted, watched);
        return new AttackDecision(after, List.copyOf(transitions));
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    /** Whether one more client can be watched, if need be in place of a silent one. */
    private static boolean makeRoom(
            TreeMap<String, Client> watched, long pane, AttackOptions options) {
        if (watched.size() < options.clients()) {
            return true;
        }
        String silent = null;
        long last = pane;
        for (Map.Entry<String, Client> each : watched.entrySet()) {
            if (!each.getValue().watch().active() && each.getValue().lastPane() < last) {
                last = each.getValue().lastPane();
                silent = each.getKey();
            }
        }
        return silent != null && watched.remove(silent) != null;
    }

    private static void calmTheSilent(
            TreeMap<String, Client> watched,
            long pane,
            AttackOptions options,
            List<AttackTransition> transitions) {
        for (Map.Entry<String, Client> each : watched.entrySet()) {
            Client client = each.getValue();
            if (client.watch().active() && client.lastPane() < pane) {
                AttackWatch after = client.watch().observe(0, options);
                each.setValue(new Client(after, client.lastPane(), client.admission()));
                note(each.getKey(), client.watch(), after, 0, 0, transitions);
            }
        }
    }

    private static void note(
            String client,
            AttackWatch before,
            AttackWatch after,
            long samples,
            long exceedances,
            List<AttackTransition> transitions) {
        if (before.active() != after.active()) {
            Evidence test = after.active() ? after.evidence() : before.evidence();
            transitions.add(
                    new AttackTransition(
                            client,
                            after.active(),
                            test.logEvidence(),
                            test.logThreshold(),
                            test.epoch(),
                            samples,
                            exceedances));
        }
    }

    /** Returns the baseline this state belongs to. */
    public String baselineId() {
        return baselineId;
    }

    /** Returns the test on all traffic. */
    public Evidence evidence() {
        return model.evidence();
    }

    /** Returns whether the alert on all traffic stands. */
    public boolean active() {
        return model.active();
    }

    /** Returns the clients whose alert stands, by id. */
    public List<String> activeClients() {
        return clients.entrySet().stream()
                .filter(each -> each.getValue().watch().active())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the number of clients watched. */
    public int watchedClients() {
        return clients.size();
    }

    /** Returns the versioned binary form drawn beside the constants. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(baselineId);
            model.write(out);
            out.writeLong(panes);
            out.writeInt(admissions);
            out.writeInt(clients.size());
            for (Map.Entry<String, Client> each : clients.entrySet()) {
                write(each.getKey(), each.getValue(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("attack state: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(String id, Client client, DataOutput out) throws IOException {
        Names.write(out, id);
        out.writeLong(client.lastPane());
        out.writeInt(client.admission());
        client.watch().write(out);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    public static AttackState fromBytes(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            require("magic", in.readInt(), MAGIC);
            require("version", in.readInt(), VERSION);
            String baselineId = in.text();
            AttackWatch model = AttackWatch.read(in);
            long panes = number(in, "panes", 0, Long.MAX_VALUE);
            int admissions = in.integer("admissions", 0, Integer.MAX_VALUE);
            TreeMap<String, Client> clients = new TreeMap<>();
            int count = in.count("clients", 0, LEAST_CLIENT_BYTES);
            for (int i = 0; i < count; i++) {
                String id = Names.read(in, "client id");
                if (!clients.isEmpty() && clients.lastKey().compareTo(id) >= 0) {
                    throw new IOException("clients ascending by id expected, found " + id);
                }
                long lastPane = number(in, "last pane", 0, panes);
                int admission = in.integer("admission", 1, admissions);
                clients.put(id, new Client(AttackWatch.read(in), lastPane, admission));
            }
            in.end();
            return new AttackState(baselineId, model, panes, admissions, clients);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "attack state of " + bytes.length + " bytes: " + e.getMessage(), e);
        }
    }

    private static long number(DetectorInput in, String what, long least, long most)
            throws IOException {
        long value = in.readLong();
        if (value < least || value > most) {
            throw new IOException(
                    what + " from " + least + " to " + most + " expected, found " + value);
        }
        return value;
    }

    private static void require(String what, int found, int wanted) throws IOException {
        if (found != wanted) {
            throw new IOException(what + " " + wanted + " required, found " + found);
        }
    }

    /** Returns the SHA-256 of the binary form in hex. */
    public String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(toBytes());
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
