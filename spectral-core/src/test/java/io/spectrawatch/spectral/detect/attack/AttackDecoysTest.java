package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sequential.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * One client exceeds in 30 % of its samples in every pane; others try to take its place among those
 * that are watched.
 */
class AttackDecoysTest {
    private static final String ATTACKER = "mallory";
    private static final int SAMPLES = 100;
    private static final int EXCEEDANCES = 30;
    private static final int PANES = 60;
    private static final int COUNTED = 128;

    /** What the others send in a pane. */
    private interface Decoys {
        void send(int pane, Sender sender);
    }

    /** Collects the samples of a pane. */
    private static final class Sender {
        private final List<String> clients = new ArrayList<>();
        private final List<Boolean> exceed = new ArrayList<>();

        void send(String client, int samples, int exceedances) {
            for (int i = 0; i < samples; i++) {
                clients.add(client);
                exceed.add(i < exceedances);
            }
        }
    }

    private static PaneExceedances pane(Sender sent, Random order) {
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < sent.clients.size(); i++) {
            turns.add(i);
        }
        if (order != null) {
            Collections.shuffle(turns, order);
        }
        HeavyHitters counted = new HeavyHitters(COUNTED);
        long exceedances = 0;
        for (int i : turns) {
            counted.count(sent.clients.get(i), sent.exceed.get(i));
            exceedances += sent.exceed.get(i) ? 1 : 0;
        }
        return new PaneExceedances(
                turns.size(), exceedances, HeavyHitters.merge(List.of(counted.entries()), COUNTED));
    }

    /** Returns the pane in which the attacker is named, -1 if in none. */
    private static int named(int places, boolean shuffled, Decoys decoys) {
        AttackOptions options = AttackOptions.defaults().withClients(places);
        AttackState state = AttackState.start("b", options);
        for (int p = 1; p <= PANES; p++) {
            Sender sender = new Sender();
            decoys.send(p, sender);
            sender.send(ATTACKER, SAMPLES, EXCEEDANCES);
            state = state.observe(pane(sender, shuffled ? new Random(p) : null), options).state();
            assertTrue(state.watchedClients() <= places);
            if (state.activeClients().contains(ATTACKER)) {
                return p;
            }
        }
        return -1;
    }

    private static void found(int places, Decoys decoys) {
        for (boolean shuffled : new boolean[] {false, true}) {
            int at = named(places, shuffled, decoys);
            assertTrue(at > 0 && at <= 40, places + " places: " + at);
        }
    }

    @Test
    void aloneItIsNamedWithinPanes() {
        int at = named(64, false, (pane, sender) -> {});
        assertTrue(at > 0 && at <= 10, "pane " + at);
    }

    /**
     * Three for four places, 63 for 64: all that send more than the attacker, never the same twice.
     */
    @Test
    void decoysThatAlternateDoNotHideIt() {
        for (int places : new int[] {4, 64}) {
            found(
                    places,
                    (pane, sender) -> {
                        for (int d = 0; d < places - 1; d++) {
                            sender.send("decoy-" + d + "-" + pane % 2, SAMPLES + 20, 0);
                        }
                    });
        }
    }

    @Test
    void decoysThatHoldEveryPlaceFromTheBeginningDoNotHideIt() {
        for (int places : new int[] {4, 64}) {
            found(
                    places,
                    (pane, sender) -> {
                        for (int d = 0; d < places; d++) {
                            sender.send("decoy-" + d, SAMPLES + 20, 0);
                        }
                    });
        }
    }

    @Test
    void aFloodOfNewIdsDoesNotHideIt() {
        for (int places : new int[] {4, 64}) {
            found(
                    places,
                    (pane, sender) -> {
                        for (int d = 0; d < 3000; d++) {
                            sender.send("flood-" + pane + "-" + d, 1, 0);
                        }
                    });
        }
    }

    /** Their shares are larger than the attacker's, their exceedances fewer. */
    @Test
    void newIdsThatExceedOnceEachDoNotHideIt() {
        for (int places : new int[] {4, 64}) {
            found(
                    places,
                    (pane, sender) -> {
                        for (int d = 0; d < places + 20; d++) {
                            sender.send("junk-" + pane + "-" + d, 1, 1);
                        }
                    });
        }
    }

    /** Decoys that lose nothing: they exceed as often as is tolerated, and once more. */
    @Test
    void decoysWithEvidenceOfTheirOwnDoNotHideIt() {
        for (int places : new int[] {4, 64}) {
            found(
                    places,
                    (pane, sender) -> {
                        for (int d = 0; d < places; d++) {
                            sender.send("decoy-" + d, 20, pane % 2 == 0 ? 2 : 1);
                        }
                    });
        }
    }

    @Test
    void aFloodBeforeTheAttackDelaysItByItsLogarithm() {
        AttackOptions options = AttackOptions.defaults();
        AttackState state = AttackState.start("b", options);
        for (int p = 0; p < 400; p++) {
            Sender sender = new Sender();
            for (int d = 0; d < COUNTED; d++) {
                sender.send("flood-" + p + "-" + d, 1, 1);
            }
            state = state.observe(pane(sender, null), options).state();
        }
        int panes = 0;
        while (!state.activeClients().contains(ATTACKER) && panes < PANES) {
            Sender sender = new Sender();
            sender.send(ATTACKER, SAMPLES, EXCEEDANCES);
            for (int d = 0; d < 63; d++) {
                sender.send("later-" + panes + "-" + d, 1, 1);
            }
            state = state.observe(pane(sender, null), options).state();
            panes++;
        }
        System.out.printf("after 25,600 watched ids: named after %d panes%n", panes);
        assertTrue(panes <= 40, panes + " panes");
    }

    /**
     * The price: in every pane as many others as there are places, each with more exceedances than
     * the attacker. Then the alert on all traffic stands instead.
     */
    @Test
    void hidingCostsAsManyLouderClientsAsThereArePlaces() {
        AttackOptions options = AttackOptions.defaults().withClients(4);
        AttackState state = AttackState.start("b", options);
        for (int p = 1; p <= PANES; p++) {
            Sender sender = new Sender();
            for (int d = 0; d < 4; d++) {
                sender.send("louder-" + p + "-" + d, SAMPLES, EXCEEDANCES + 20);
            }
            sender.send(ATTACKER, SAMPLES, EXCEEDANCES);
            state = state.observe(pane(sender, null), options).state();
        }
        assertFalse(state.activeClients().contains(ATTACKER));
        assertTrue(state.active());
        // One fewer is not enough.
        found(
                4,
                (pane, sender) -> {
                    for (int d = 0; d < 3; d++) {
                        sender.send("louder-" + pane + "-" + d, SAMPLES, EXCEEDANCES + 10);
                    }
                });
    }

    /** A pane between without a sample costs half of the standing, not the place. */
    @Test
    void pausesDoNotLoseItsPlaceToAFlood() {
        AttackOptions options = AttackOptions.defaults().withClients(4);
        AttackState state = AttackState.start("b", options);
        int active = 0;
        while (!state.activeClients().contains(ATTACKER) && active < 40) {
            Sender on = new Sender();
            on.send(ATTACKER, SAMPLES, EXCEEDANCES);
            state = state.observe(pane(on, null), options).state();
            active++;
            Sender off = new Sender();
            for (int d = 0; d < 2000; d++) {
                off.send("flood-" + active + "-" + d, 1, d % 100 == 0 ? 1 : 0);
            }
            state = state.observe(pane(off, null), options).state();
        }
        assertTrue(active <= 12, active + " panes");
    }

    /**
     * Who has more than 1/k of all standings is watched, whatever the others do: many random
     * streams, each with the standings counted apart.
     */
    @Test
    void whoHasMoreThanItsShareOfAllStandingsIsWatched() {
        long seed = Long.getLong("spectrawatch.seed", 20260101L);
        int held = 0;
        for (int run = 0; run < 200; run++) {
            Random random = new Random(seed + run);
            int places = 2 + random.nextInt(6);
            WatchedClients watched = WatchedClients.none();
            double[] truth = new double[30];
            AttackWatch test = watch();
            for (long p = 1; p <= 60; p++) {
                watched = watched.aged();
                List<HeavyHitters.Entry> newcomers = new ArrayList<>();
                double all = 0;
                for (int c = 0; c < truth.length; c++) {
                    // Half an exceedance less is what vanishes in a pane at most.
                    truth[c] = Math.max(0, truth[c] / 2 - 0.5);
                    int exceedances =
                            random.nextInt(3) == 0 ? random.nextInt(c % 7 == 0 ? 60 : 6) : 0;
                    if (exceedances > 0) {
                        HeavyHitters.Entry entry =
                                new HeavyHitters.Entry(
                                        "c" + c, exceedances, exceedances, exceedances);
                        double excess = WatchedClients.excess(entry, 0.05);
                        truth[c] += excess;
                        WatchedClients.Client own = watched.byId().get("c" + c);
                        if (own == null) {
                            newcomers.add(entry);
                        } else {
                            watched.byId()
                                    .put(
                                            "c" + c,
                                            new WatchedClients.Client(
                                                    test, p, 1, own.standing() + excess));
                        }
                    }
                    all += truth[c];
                }
                long pane = p;
                watched =
                        watched.choose(
                                newcomers,
                                0.05,
                                p,
                                places,
                                standing -> new WatchedClients.Client(test, pane, 1, standing));
                // The others' standings may be half an exceedance larger than counted here.
                double bound = (all + truth.length) / places;
                for (int c = 0; c < truth.length; c++) {
                    if (truth[c] > bound) {
                        held++;
                        assertTrue(watched.byId().containsKey("c" + c), "seed " + (seed + run));
                    }
                }
            }
        }
        assertTrue(held > 100, held + " cases");
    }

    private static AttackWatch watch() {
        AttackOptions options = AttackOptions.defaults();
        return AttackWatch.start(Evidence.start(options.model(0.05)));
    }

    /** Shards are counted apart and merged: neither their number nor their order decides. */
    @Test
    void shardsInAnyOrderGiveTheSameState() {
        AttackOptions options = AttackOptions.defaults().withClients(4);
        AttackState one = AttackState.start("b", options);
        AttackState other = one;
        Random random = new Random(5);
        for (int p = 0; p < 40; p++) {
            List<List<HeavyHitters.Entry>> shards = new ArrayList<>();
            long samples = 0;
            long exceedances = 0;
            for (int s = 0; s < 3; s++) {
                HeavyHitters shard = new HeavyHitters(8);
                for (int i = 0; i < 200; i++) {
                    boolean exceeds = random.nextInt(5) == 0;
                    shard.count("client-" + random.nextInt(12), exceeds);
                    samples++;
                    exceedances += exceeds ? 1 : 0;
                }
                shards.add(shard.entries());
            }
            List<List<HeavyHitters.Entry>> turned = new ArrayList<>(shards);
            Collections.reverse(turned);
            one = next(one, samples, exceedances, shards, options);
            other = next(other, samples, exceedances, turned, options);
            assertArrayEquals(one.toBytes(), other.toBytes());
            assertEquals(one.digest(), AttackState.fromBytes(one.toBytes()).digest());
        }
    }

    private static AttackState next(
            AttackState state,
            long samples,
            long exceedances,
            List<List<HeavyHitters.Entry>> shards,
            AttackOptions options) {
        PaneExceedances pane =
                new PaneExceedances(
                        samples, exceedances, HeavyHitters.merge(shards, Integer.MAX_VALUE));
        return state.observe(pane, options).state();
    }
}
