package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients whose requests are close to their last ones, and clients whose are not. */
class TrailStateTest {
    private static final long MINUTE = 60_000_000L;
    private static final TrailOptions OPTIONS = new TrailOptions(0.1, 512, 3, 4);

    private static HeavyHitters.Entry client(String id, long requests, long close) {
        return new HeavyHitters.Entry(id, requests, requests, close);
    }

    private static TrailState.Decision pane(TrailState before, HeavyHitters.Entry... clients) {
        return before.observe(List.of(clients), OPTIONS, MINUTE);
    }

    private static List<String> raised(TrailState.Decision decision) {
        return decision.transitions().stream()
                .filter(TrailState.Transition::raised)
                .map(TrailState.Transition::client)
                .toList();
    }

    /** 512 clients begin in each of 1,440 panes: log(512 x 1,440 / .1). */
    @Test
    void theThresholdIsTheBudgetOfAllBeginnings() {
        assertEquals(Math.log(7_372_800), OPTIONS.logThreshold(MINUTE), 1e-12);
        assertTrue(TrailOptions.logEvidence(8, 7) > OPTIONS.logThreshold(MINUTE));
        assertTrue(TrailOptions.logEvidence(7, 6) < OPTIONS.logThreshold(MINUTE));
    }

    /** At the tolerated share itself; any smaller one gives less evidence. */
    @Test
    void evidenceExceedsItsInverseAsSeldomAsStated() {
        Random random = new Random(1);
        int runs = 20_000;
        int beyond = 0;
        for (int run = 0; run < runs; run++) {
            int close = 0;
            boolean exceeded = false;
            for (int n = 1; n <= 300 && !exceeded; n++) {
                close += random.nextDouble() < TrailOptions.TOLERATED ? 1 : 0;
                exceeded = TrailOptions.logEvidence(n, close) >= Math.log(100);
            }
            beyond += exceeded ? 1 : 0;
        }
        // The bound is .01 of all, for ever; four standard errors above it would be a mistake.
        assertTrue(beyond <= runs * 0.01 + 4 * Math.sqrt(runs * 0.01), beyond + " of " + runs);
        assertTrue(beyond > 0);
    }

    @Test
    void aSearchOverPanesAddsUp() {
        TrailState state = TrailState.NONE;
        List<String> raised = new ArrayList<>();
        int panes = 0;
        while (raised.isEmpty()) {
            TrailState.Decision decision =
                    pane(state, client("alice", 50, 0), client("mallory", 3, 2));
            state = decision.state();
            raised.addAll(raised(decision));
            panes++;
        }
        assertEquals(List.of("mallory"), raised);
        assertEquals(List.of("mallory"), state.standing());
        assertTrue(panes <= 5, panes + " panes");
    }

    /** What a client did honestly is forgotten, and excuses nothing. */
    @Test
    void honestRequestsAreNoCredit() {
        TrailState state = pane(TrailState.NONE, client("mallory", 10_000, 3)).state();
        assertEquals(TrailState.NONE.digest(), state.digest());
        assertEquals(List.of("mallory"), raised(pane(state, client("mallory", 10, 9))));
    }

    @Test
    void anAlertEndsWithCalmPanes() {
        TrailState state = pane(TrailState.NONE, client("mallory", 20, 20)).state();
        state = pane(state, client("mallory", 9, 0)).state();
        state = pane(state, client("mallory", 9, 8)).state();
        state = pane(state).state();
        state = pane(state, client("mallory", 100, 1)).state();
        TrailState.Decision last = pane(state);
        assertEquals(1, last.transitions().size());
        assertEquals("mallory", last.transitions().get(0).client());
        assertTrue(raised(last).isEmpty());
        assertEquals(TrailState.NONE.digest(), last.state().digest());
    }

    /** Those whose alert stands stay, then those with most evidence. */
    @Test
    void noMoreClientsAreKeptThanThereIsRoomFor() {
        TrailState state = pane(TrailState.NONE, client("z", 20, 20)).state();
        HeavyHitters.Entry[] others =
                IntStream.rangeClosed(1, 9)
                        .mapToObj(i -> client("c" + i, 10, i))
                        .toArray(HeavyHitters.Entry[]::new);
        TrailState.Decision full = pane(state, others);
        assertEquals(List.of("c8", "c9", "z"), full.state().standing());
        TrailState.Decision more = pane(full.state(), client("a", 99, 99), client("z", 9, 9));
        assertEquals(List.of("a"), raised(more));
        TrailState.Decision none = pane(more.state(), client("b", 99, 99));
        assertTrue(raised(none).isEmpty());
        assertEquals(List.of("a", "c8", "c9", "z"), none.state().standing());
    }

    @Test
    void theDigestFollowsEveryCount() {
        TrailState one = pane(TrailState.NONE, client("m", 4, 2)).state();
        assertNotEquals(one.digest(), pane(one, client("m", 1, 1)).state().digest());
        assertEquals(one.digest(), pane(one).state().digest());
    }

    private static TrailState golden() {
        return pane(
                        pane(TrailState.NONE, client("mallory", 20, 18)).state(),
                        client("trudy", 4, 2),
                        client("alice", 50, 0))
                .state();
    }

    @Test
    void theFirstVersionReads() throws Exception {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, "trail-state-v1.bin"), golden().toBytes());
        }
        byte[] golden = goldenBytes();
        assertArrayEquals(golden, golden().toBytes());
        assertArrayEquals(golden, TrailState.fromBytes(golden).toBytes());
        golden[7] = 2;
        assertThrows(IllegalArgumentException.class, () -> TrailState.fromBytes(golden));
    }

    @Test
    void damagedStatesAreRefusedOrUsable() throws Exception {
        new Fuzz<>(
                        "trail-state",
                        TrailStateTest.class,
                        TrailState::fromBytes,
                        Set.of(IllegalArgumentException.class),
                        TrailStateTest::goOn,
                        32)
                .run(List.of(goldenBytes(), TrailState.NONE.toBytes()), 20_000);
    }

    private static void goOn(TrailState state) {
        byte[] after;
        try {
            after = pane(state, client("mallory", 9, 4)).state().toBytes();
        } catch (ArithmeticException e) {
            // A counter at its end says so.
            return;
        }
        assertArrayEquals(after, TrailState.fromBytes(after).toBytes());
    }

    private static byte[] goldenBytes() throws Exception {
        try (InputStream in =
                TrailStateTest.class.getResourceAsStream("/golden/trail-state-v1.bin")) {
            return in.readAllBytes();
        }
    }
}
