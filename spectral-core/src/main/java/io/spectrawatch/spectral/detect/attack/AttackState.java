package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.sequential.Evidence;
import java.util.ArrayList;
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
 * <p>For traffic whose samples are exchangeable with the calibration's, each client's with all, the
 * probability that any such alert is ever raised is at most the model's share of alpha, over all
 * baselines: that a limit lets more pass than tolerated is in it (see {@link AttackOptions}), and
 * while the expected share of every pane, given the panes before, stays at the tolerated one,
 * Ville's inequality and the union bound hold. A pane counts as one observation, so samples within
 * a pane may depend on each other in any way. The limit is of the traffic as calibration saw it: a
 * client that sends other classes than the rest, or traffic whose classes shift, may exceed it more
 * often without any attack, and of its alerts nothing is promised.
 *
 * <p>Of the clients so many are watched at a time as the options say: of more, those that exceeded
 * most of late ({@link WatchedClients}). A client that comes back begins anew with a smaller share
 * of alpha. A pane without samples of a client is calm for its alert and no observation for its
 * test.
 *
 * <p>Immutable; its digest links panes into a hash chain, so that an audit can replay one step.
 */
public final class AttackState {
    private final String baselineId;
    private final AttackWatch model;
    private final long panes;
    private final int admissions;
    private final WatchedClients clients;
    private final int version;

    private AttackState(
            String baselineId,
            AttackWatch model,
            long panes,
            int admissions,
            WatchedClients clients) {
        this(baselineId, model, panes, admissions, clients, AttackStateCodec.VERSION);
    }

    AttackState(
            String baselineId,
            AttackWatch model,
            long panes,
            int admissions,
            WatchedClients clients,
            int version) {
        this.version = version;
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
                AttackWatch.start(Evidence.start(options.model(options.exceedance()))),
                0,
                0,
                WatchedClients.none());
    }

    /**
     * Returns the state before the first pane under a new baseline: nothing stands, and the tests
     * go on with the next epoch, because earlier ones spent their share.
     */
    public AttackState rebase(String nextBaselineId, AttackOptions options) {
        int epoch = Math.addExact(model.evidence().epoch(), 1);
        return new AttackState(
                nextBaselineId,
                AttackWatch.start(Evidence.start(options.model(options.exceedance()), epoch)),
                panes,
                admissions,
                WatchedClients.none());
    }

    /** Returns the state after a pane and what it did; a pane without samples changes nothing. */
    public AttackDecision observe(PaneExceedances pane, AttackOptions options) {
        if (pane.samples() == 0) {
            return new AttackDecision(this, List.of());
        }
        List<AttackTransition> transitions = new ArrayList<>();
        long number = panes + 1;
        AttackWatch before = begun(pane, options);
        AttackWatch next =
                before.observe(share(pane.exceedances(), pane.samples()), options.calmPanes());
        note(null, before, next, pane.samples(), pane.exceedances(), transitions);
        WatchedClients aged = clients.aged();
        TreeMap<String, WatchedClients.Client> watched = aged.byId();
        List<HeavyHitters.Entry> newcomers = new ArrayList<>();
        // Every client of the pane is seen before places are given away.
        for (HeavyHitters.Entry entry : pane.clients()) {
            WatchedClients.Client client = watched.get(entry.client());
            if (client == null) {
                newcomers.add(entry);
            } else {
                watched.put(
                        entry.client(),
                        seen(client, entry, number, options.calmPanes(), transitions));
            }
        }
        calmTheSilent(watched, number, options, transitions);
        Admissions admitted = new Admissions(admissions, number, before.tolerated(), options);
        WatchedClients chosen =
                aged.choose(
                        newcomers, before.tolerated(), number, options.clients(), admitted::next);
        AttackState after = new AttackState(baselineId, next, number, admitted.count, chosen);
        return new AttackDecision(after, List.copyOf(transitions));
    }

    /**
     * The model's test. What an epoch tolerates rests on the calibration, which its first pane is
     * the first to name.
     */
    private AttackWatch begun(PaneExceedances pane, AttackOptions options) {
        Evidence test = model.evidence();
        if (test.steps() > 0) {
            return model;
        }
        double tolerated = options.tolerated(test.epoch(), pane);
        return AttackWatch.start(Evidence.start(options.model(tolerated), test.epoch()));
    }

    private static WatchedClients.Client seen(
            WatchedClients.Client client,
            HeavyHitters.Entry entry,
            long pane,
            int calmPanes,
            List<AttackTransition> transitions) {
        AttackWatch before = client.watch();
        AttackWatch after = before.observe(share(entry.exceedances(), entry.samples()), calmPanes);
        note(entry.client(), before, after, entry.samples(), entry.exceedances(), transitions);
        return new WatchedClients.Client(
                after,
                pane,
                client.admission(),
                client.standing() + WatchedClients.excess(entry, before.tolerated()));
    }

    /** Numbers the clients that begin to be watched. */
    private static final class Admissions {
        private final long pane;
        private final double tolerated;
        private final AttackOptions options;
        private int count;

        Admissions(int before, long pane, double tolerated, AttackOptions options) {
            this.count = before;
            this.pane = pane;
            this.tolerated = tolerated;
            this.options = options;
        }

        WatchedClients.Client next(double standing) {
            count = Math.addExact(count, 1);
            Evidence test = Evidence.start(options.client(count, tolerated));
            return new WatchedClients.Client(AttackWatch.start(test), pane, count, standing);
        }
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }

    private static void calmTheSilent(
            TreeMap<String, WatchedClients.Client> watched,
            long pane,
            AttackOptions options,
            List<AttackTransition> transitions) {
        for (Map.Entry<String, WatchedClients.Client> each : watched.entrySet()) {
            WatchedClients.Client client = each.getValue();
            if (client.watch().active() && client.lastPane() < pane) {
                AttackWatch after = client.watch().observe(0, options.calmPanes());
                each.setValue(client.with(after));
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
                            test.options().tolerance(),
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
        return clients.byId().entrySet().stream()
                .filter(each -> each.getValue().watch().active())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the number of clients watched. */
    public int watchedClients() {
        return clients.byId().size();
    }

    AttackWatch model() {
        return model;
    }

    /** Panes observed under all baselines. */
    long panes() {
        return panes;
    }

    /** Clients ever watched. */
    int admissions() {
        return admissions;
    }

    WatchedClients clients() {
        return clients;
    }

    /** Version of the form it is written in. */
    int version() {
        return version;
    }

    /** Returns the versioned binary form that {@link AttackStateCodec} draws. */
    public byte[] toBytes() {
        return AttackStateCodec.toBytes(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    public static AttackState fromBytes(byte[] bytes) {
        return AttackStateCodec.fromBytes(bytes);
    }

    /** Returns the SHA-256 of the binary form in hex. */
    public String digest() {
        return Sha256.hex(toBytes());
    }
}
