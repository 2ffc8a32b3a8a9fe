package io.spectrawatch.spectral.detect.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which clients are watched where there are more than room: those that exceeded most of late.
 *
 * <p>A client's standing is its exceedances beyond the tolerated share of its samples, summed over
 * its panes, of which half goes with every pane. Those with the largest are kept; whoever is not
 * watched may have had as much as the largest standing ever turned away, and comes back with that
 * (Space-Saving over panes: Metwally, Agrawal, El Abbadi, ICDT 2005; merged with an exact count as
 * in Agarwal et al., Mergeable Summaries, PODS 2012). So a client whose standing is more than 1/k
 * of that of all clients together is watched, k being the places that no standing alert holds: to
 * push it out, others have to exceed k times as much as it does.
 *
 * <p>The choice rests on panes that are over: a newcomer's test begins with the pane after the one
 * that chose it, so that no test sees the exceedances it was chosen for.
 *
 * @param byId the clients watched, by id
 * @param missed the most that a client not watched may have had as its standing
 */
record WatchedClients(TreeMap<String, Client> byId, double missed) {

    /** A standing below that of half an exceedance is none; it would never vanish by halving. */
    private static final double LEAST_STANDING = 0.5;

    /**
     * A watched client.
     *
     * @param lastPane number of the pane that last held samples of it
     * @param admission its number among all clients ever watched, from 1
     * @param standing its exceedances beyond the tolerated share, of late
     */
    record Client(AttackWatch watch, long lastPane, int admission, double standing) {
        Client with(AttackWatch next) {
            return new Client(next, lastPane, admission, standing);
        }
    }

    /**
     * One that wants a place.
     *
     * @param order of preference among equal standings: those seen in this pane, newcomers, the
     *     rest
     * @param within order among these
     */
    private record Candidate(String id, double standing, int order, long within) {}

    static WatchedClients none() {
        return new WatchedClients(new TreeMap<>(), 0);
    }

    /** Returns the same one pane later, before what that pane adds, in a map of its own. */
    WatchedClients aged() {
        TreeMap<String, Client> aged = new TreeMap<>();
        byId.forEach(
                (id, client) ->
                        aged.put(
                                id,
                                new Client(
                                        client.watch(),
                                        client.lastPane(),
                                        client.admission(),
                                        aged(client.standing()))));
        return new WatchedClients(aged, aged(missed));
    }

    private static double aged(double standing) {
        double half = standing / 2;
        return half < LEAST_STANDING ? 0 : half;
    }

    /** Returns the exceedances beyond the tolerated share. */
    static double excess(HeavyHitters.Entry entry, double tolerated) {
        return Math.max(0, entry.exceedances() - tolerated * entry.samples());
    }

    /** Begins the watch over a client. */
    @FunctionalInterface
    interface Admission {
        Client admit(double standing);
    }

    /**
     * Gives the places, after the pane's clients have been seen, to those with the largest
     * standings; clients whose alert stands keep theirs.
     *
     * @param newcomers clients of the pane that are not watched, those that sent most first
     * @param pane number of this pane, which every client of it bears as its last
     * @param places clients watched at a time
     */
    WatchedClients choose(
            List<HeavyHitters.Entry> newcomers,
            double tolerated,
            long pane,
            int places,
            Admission admission) {
        List<Candidate> candidates = candidates(newcomers, tolerated, pane);
        TreeMap<String, Client> kept = new TreeMap<>(byId);
        int room = Math.max(0, places - (byId.size() - (candidates.size() - newcomers.size())));
        double turnedAway = missed;
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate each = candidates.get(i);
            if (i < room) {
                chosen.add(each.id());
            } else {
                kept.remove(each.id());
                turnedAway = Math.max(turnedAway, each.standing());
            }
        }
        for (HeavyHitters.Entry entry : newcomers) {
            if (chosen.contains(entry.client())) {
                kept.put(entry.client(), admission.admit(standing(entry, tolerated)));
            }
        }
        return new WatchedClients(kept, turnedAway);
    }

    /** Of an unwatched client of the pane: what it may have had, and what it did. */
    private double standing(HeavyHitters.Entry entry, double tolerated) {
        return missed + excess(entry, tolerated);
    }

    private List<Candidate> candidates(
            List<HeavyHitters.Entry> newcomers, double tolerated, long pane) {
        List<Candidate> candidates = new ArrayList<>();
        for (Map.Entry<String, Client> each : byId.entrySet()) {
            Client client = each.getValue();
            if (!client.watch().active()) {
                boolean silent = client.lastPane() < pane;
                candidates.add(
                        new Candidate(
                                each.getKey(),
                                client.standing(),
                                silent ? 2 : 0,
                                -client.lastPane()));
            }
        }
        for (int i = 0; i < newcomers.size(); i++) {
            HeavyHitters.Entry entry = newcomers.get(i);
            candidates.add(new Candidate(entry.client(), standing(entry, tolerated), 1, i));
        }
        candidates.sort(
                Comparator.comparingDouble(Candidate::standing)
                        .reversed()
                        .thenComparingInt(Candidate::order)
                        .thenComparingLong(Candidate::within)
                        .thenComparing(Candidate::id));
        return candidates;
    }
}
