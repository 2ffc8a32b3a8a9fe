package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttackStateTest {
    private static final int RUNS = Integer.getInteger("spectrawatch.runs", 200);
    private static final int PANES = 400;
    private static final AttackOptions OPTIONS = AttackOptions.defaults();

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);
    private final String repeat =
            "; repeat with: mvn -pl spectral-core test -Dtest=AttackStateTest -Dspectrawatch.seed="
                    + seed
                    + " -Dspectrawatch.runs="
                    + RUNS;

    private static PaneExceedances pane(long samples, long exceedances) {
        return new PaneExceedances(samples, exceedances, List.of());
    }

    /** Most alarms that a level explains with probability 1 - 1e-6. */
    private static int most(double level) {
        double probability = Math.pow(1 - level, RUNS);
        double below = probability;
        int k = 0;
        while (below < 1 - 1e-6) {
            probability *= (double) (RUNS - k) / (k + 1) * level / (1 - level);
            below += probability;
            k++;
        }
        return k;
    }

    @Test
    void cleanTrafficIsRarelyCalledAnAttack() {
        AttackOptions options = OPTIONS.withAlpha(0.05).withClients(8);
        int alarms = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            // A calibration of its own each time: its error is part of the promise.
            double[] reference = random.doubles(1050).toArray();
            double limit =
                    ToleranceLimit.of(reference, options.exceedance(), options.delta() / 2).limit();
            AttackState state = AttackState.start("b", options);
            boolean alarmed = false;
            for (int p = 0; p < PANES && !alarmed; p++) {
                HeavyHitters clients = new HeavyHitters(16);
                int samples = 1 + random.nextInt(200);
                int exceedances = 0;
                for (int i = 0; i < samples; i++) {
                    boolean exceeds = random.nextDouble() > limit;
                    exceedances += exceeds ? 1 : 0;
                    clients.count("client-" + random.nextInt(1 + random.nextInt(40)), exceeds);
                }
                AttackDecision decision =
                        state.observe(
                                new PaneExceedances(samples, exceedances, clients.entries()),
                                options);
                alarmed = !decision.transitions().isEmpty();
                state = decision.state();
            }
            alarms += alarmed ? 1 : 0;
        }
        System.out.printf("attack alerts on clean traffic: %d of %d runs%n", alarms, RUNS);
        assertTrue(alarms <= most(options.alpha()), alarms + repeat);
    }

    @Test
    void samplesOfAPaneMayAllBeTheSame() {
        AttackOptions options = OPTIONS.withAlpha(0.05);
        int alarms = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed - run);
            AttackState state = AttackState.start("b", options);
            for (int p = 0; p < PANES && !state.active(); p++) {
                int exceedances = random.nextDouble() < options.exceedance() ? 500 : 0;
                state = state.observe(pane(500, exceedances), options).state();
            }
            alarms += state.active() ? 1 : 0;
        }
        System.out.printf("attack alerts on repeated samples: %d of %d runs%n", alarms, RUNS);
        assertTrue(alarms <= most(options.alpha()), alarms + repeat);
    }

    @Test
    void anAttackIsNamedWithinPanes() {
        double[] shares = {0.2, 0.4, 0.8};
        int[] limits = {30, 16, 10};
        for (int s = 0; s < shares.length; s++) {
            int[] delays = new int[51];
            for (int run = 0; run < delays.length; run++) {
                Random random = new Random(seed + 7L * run);
                AttackState state = AttackState.start("b", OPTIONS);
                for (int p = 0; p < 100; p++) {
                    state = state.observe(pane(200, binomial(random, 200, 0.03)), OPTIONS).state();
                }
                while (!state.active()) {
                    long exceedances = binomial(random, 200, shares[s]);
                    state = state.observe(pane(200, exceedances), OPTIONS).state();
                    delays[run]++;
                }
            }
            Arrays.sort(delays);
            int median = delays[delays.length / 2];
            System.out.printf(
                    "exceedances 3 %% to %.0f %% at pane 100: median delay %d panes%n",
                    100 * shares[s], median);
            assertTrue(median <= limits[s], shares[s] + ": " + median + repeat);
        }
    }

    private static long binomial(Random random, int n, double p) {
        return random.doubles(n).filter(u -> u < p).count();
    }

    @Test
    void oneClientIsNamedWhereTheTrafficHidesIt() {
        Random random = new Random(seed);
        AttackState state = AttackState.start("b", OPTIONS);
        List<AttackTransition> transitions = new ArrayList<>();
        int panes = 0;
        while (state.activeClients().isEmpty()) {
            HeavyHitters clients = new HeavyHitters(128);
            long exceedances = 0;
            for (int i = 0; i < 1000; i++) {
                boolean attacker = i % 100 == 0;
                boolean exceeds = random.nextDouble() < (attacker ? 0.9 : 0.02);
                exceedances += exceeds ? 1 : 0;
                clients.count(attacker ? "mallory" : "client-" + i % 99, exceeds);
            }
            AttackDecision decision =
                    state.observe(
                            new PaneExceedances(1000, exceedances, clients.entries()), OPTIONS);
            transitions.addAll(decision.transitions());
            state = decision.state();
            panes++;
        }
        System.out.printf("one client in a hundred: named after %d panes%n", panes);
        assertTrue(panes <= 16, panes + repeat);
        assertEquals(List.of("mallory"), state.activeClients());
        assertFalse(state.active());
        assertEquals(1, transitions.size());
        assertTrue(transitions.get(0).raised());
        assertEquals("mallory", transitions.get(0).client());
        assertTrue(transitions.get(0).logEvidence() >= transitions.get(0).logThreshold());
    }

    @Test
    void calmPanesEndAnAlertAndTheNextEpochIsDearer() {
        AttackState state = AttackState.start("b", OPTIONS);
        while (!state.active()) {
            state = state.observe(pane(10, 10), OPTIONS).state();
        }
        double threshold = state.evidence().logThreshold();
        for (int p = 1; p <= OPTIONS.calmPanes(); p++) {
            AttackDecision decision = state.observe(pane(100, 5), OPTIONS);
            assertEquals(p == OPTIONS.calmPanes() ? 1 : 0, decision.transitions().size());
            state = decision.state();
        }
        assertFalse(state.active());
        assertEquals(2, state.evidence().epoch());
        assertTrue(state.evidence().logThreshold() > threshold);
        AttackState rebased = state.rebase("c", OPTIONS);
        assertEquals("c", rebased.baselineId());
        assertEquals(3, rebased.evidence().epoch());
    }

    @Test
    void silenceEndsTheAlertOfAClientAndMakesRoom() {
        AttackOptions one = OPTIONS.withClients(1);
        AttackState state = AttackState.start("b", one);
        while (state.activeClients().isEmpty()) {
            state = state.observe(withClient("mallory", 10), one).state();
        }
        // No room while the alert stands.
        state = state.observe(withClient("alice", 0), one).state();
        assertEquals(1, state.watchedClients());
        assertEquals(List.of("mallory"), state.activeClients());
        for (int p = 1; p < one.calmPanes(); p++) {
            state = state.observe(withClient("alice", 0), one).state();
        }
        assertTrue(state.activeClients().isEmpty());
        AttackState after = state.observe(withClient("alice", 0), one).state();
        assertEquals(1, after.watchedClients());
        assertFalse(Arrays.equals(state.toBytes(), after.toBytes()));
    }

    private static PaneExceedances withClient(String client, int exceedances) {
        return new PaneExceedances(
                1000, 0, List.of(new HeavyHitters.Entry(client, 10, 10, exceedances)));
    }

    @Test
    void manyClientsNeedBoundedMemory() {
        AttackState state = AttackState.start("b", OPTIONS);
        int largest = 0;
        for (int p = 0; p < 50; p++) {
            HeavyHitters clients = new HeavyHitters(128);
            for (int i = 0; i < 2000; i++) {
                clients.count("client-" + (p * 2000 + i), false);
            }
            assertEquals(128, clients.entries().size());
            state = state.observe(new PaneExceedances(2000, 0, clients.entries()), OPTIONS).state();
            assertTrue(state.watchedClients() <= OPTIONS.clients());
            largest = Math.max(largest, state.toBytes().length);
        }
        assertTrue(largest < 64 * 200 + 300, largest + " bytes");
    }

    @Test
    void aPaneWithoutSamplesChangesNothing() {
        AttackState state = AttackState.start("b", OPTIONS);
        AttackDecision decision = state.observe(pane(0, 0), OPTIONS);
        assertEquals(state.digest(), decision.state().digest());
        assertTrue(decision.transitions().isEmpty());
    }

    private static AttackState golden() {
        AttackState state = AttackState.start("5ba5e", OPTIONS);
        for (int p = 0; p < 3; p++) {
            state = state.observe(withClient("mallory", 10), OPTIONS).state();
        }
        return state.observe(withClient("alice", 1), OPTIONS).state();
    }

    private static byte[] golden(String name) throws Exception {
        try (InputStream in = AttackStateTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void theSecondVersionReads() throws Exception {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, "attack-state-v2.bin"), golden().toBytes());
        }
        byte[] golden = golden("attack-state-v2.bin");
        assertArrayEquals(golden, golden().toBytes());
        assertArrayEquals(golden, AttackState.fromBytes(golden).toBytes());
    }

    /** Its digest is what the records of its time name; its tests go on. */
    @Test
    void theFirstVersionReadsAndGoesOn() throws Exception {
        byte[] golden = golden("attack-state-v1.bin");
        AttackState state = AttackState.fromBytes(golden);
        assertArrayEquals(golden, state.toBytes());
        double evidence = state.evidence().logEvidence();
        double threshold = state.evidence().logThreshold();
        AttackState after = state.observe(withClient("mallory", 10), OPTIONS).state();
        assertEquals(2, after.toBytes()[7]);
        assertEquals(2, after.watchedClients());
        assertTrue(after.evidence().logEvidence() < evidence);
        assertEquals(threshold, after.evidence().logThreshold());
        assertArrayEquals(after.toBytes(), AttackState.fromBytes(after.toBytes()).toBytes());
        while (after.activeClients().isEmpty()) {
            after = after.observe(withClient("mallory", 10), OPTIONS).state();
        }
        assertEquals(List.of("mallory"), after.activeClients());
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = golden().toBytes();
        byte[] version = bytes.clone();
        version[7] = 9;
        refused("version from 1 to 2 expected, found 9", version);
        refused("magic", new byte[40]);
        refused("after the end", Arrays.copyOf(bytes, bytes.length + 1));
        refused("attack state of 30 bytes", Arrays.copyOf(bytes, 30));
    }

    private static void refused(String part, byte[] bytes) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> AttackState.fromBytes(bytes))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }
}
