package io.spectrawatch.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random splits of random samples over the snapshots of two captures, some of them lost, repeated,
 * swapped or late: whatever restarts, the outcome is that of the rules as they are written down.
 */
class PartsPropertyTest {

    private static final long SECOND = 1_000_000;
    private static final long PANE = 60 * SECOND;
    private static final long LATENESS = 10 * SECOND;
    private static final int RUNS = 60;
    private static final int SNAPSHOTS = 80;

    @TempDir private Path folder;

    /** A snapshot and when it is appended. */
    private record Sent(ActivationSnapshot.Builder snapshot, long appendedAt) {}

    @Test
    void restartsAndDisorderChangeNothingThatTheRulesDoNotSay() {
        long seed = Long.getLong("spectrawatch.seed", 20260101L);
        int accepted = 0;
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            String repeat = "run " + run + " of -Dspectrawatch.seed=" + seed;
            Random random = new Random(seed + run);
            List<Sent> sent = damaged(snapshots(random), random);
            Rules rules = new Rules();
            ShardHarness steady = new ShardHarness(IngestConfig.fromMap(Map.of()), folder);
            ShardHarness restarting = new ShardHarness(IngestConfig.fromMap(Map.of()), folder);
            for (int i = 0; i < sent.size(); i++) {
                String expected = rules.take(sent.get(i));
                assertEquals(expected, outcome(steady, sent.get(i)), repeat + ", record " + i);
                if (random.nextInt(4) == 0) {
                    restarting.restart();
                }
                assertEquals(expected, outcome(restarting, sent.get(i)), repeat + ", record " + i);
                accepted += expected.equals("accepted") ? 1 : 0;
                refused += expected.equals("PART_ORDER") ? 1 : 0;
            }
            for (ShardHarness shard : List.of(steady, restarting)) {
                assertEquals(rules.gaps, total(shard, "part_gaps"), repeat);
                assertEquals(rules.overPanes, total(shard, "samples_over_panes"), repeat);
            }
        }
        System.out.printf(
                "parts: %,d accepted, %,d out of order; repeat with -Dspectrawatch.seed=%d%n",
                accepted, refused, seed);
        assertTrue(accepted > 10 * RUNS && refused > RUNS, accepted + " and " + refused);
    }

    /** Open samples get parts until they end, a few at a time. */
    private static List<Sent> snapshots(Random random) {
        List<Sent> sent = new ArrayList<>();
        Map<String, Integer> open = new HashMap<>();
        long[] sequence = new long[2];
        long now = PANE;
        for (int i = 0; i < SNAPSHOTS; i++) {
            now += random.nextInt(6) * SECOND;
            int capture = random.nextInt(2);
            List<Sample> samples = new ArrayList<>();
            int parts = 1 + random.nextInt(4);
            for (int p = 0; p < parts; p++) {
                String id = "s" + (i / 8 * 3 + random.nextInt(6));
                int next = open.getOrDefault(capture + id, 0);
                if (next >= 0) {
                    boolean last = random.nextInt(3) == 0;
                    samples.add(Snapshots.part(id, next, last).build());
                    open.put(capture + id, last ? -1 : next + 1);
                }
            }
            if (!samples.isEmpty()) {
                sent.add(
                        new Sent(
                                Snapshots.parts(sequence[capture]++, samples.toArray(Sample[]::new))
                                        .setCaptureId("capture-" + capture)
                                        .setCapturedAt(now - random.nextInt(12) * SECOND),
                                now));
            }
        }
        return sent;
    }

    /** Loses records, sends their content again under another number, swaps neighbours. */
    private static List<Sent> damaged(List<Sent> whole, Random random) {
        List<Sent> sent = new ArrayList<>();
        for (Sent each : whole) {
            int fate = random.nextInt(20);
            if (fate == 0) {
                continue;
            }
            int at = fate == 1 && !sent.isEmpty() ? sent.size() - 1 : sent.size();
            sent.add(at, new Sent(each.snapshot(), each.appendedAt()));
            if (fate == 2) {
                ActivationSnapshot.Builder again =
                        ActivationSnapshot.newBuilder(each.snapshot())
                                .setSequence(500 + each.snapshot().getSequence());
                sent.add(new Sent(again, each.appendedAt()));
            }
        }
        long latest = 0;
        List<Sent> ordered = new ArrayList<>();
        for (Sent each : sent) {
            latest = Math.max(latest, each.appendedAt());
            ordered.add(new Sent(each.snapshot(), latest));
        }
        return ordered;
    }

    private static String outcome(ShardHarness shard, Sent sent) {
        shard.forget();
        shard.send(sent.snapshot(), sent.appendedAt());
        List<Record<ShardKey, byte[]>> letters = shard.written(ShardProcessor.REJECTED_SINK);
        long taken =
                shard.written(ShardProcessor.VALIDATED_SINK).stream()
                        .filter(record -> LoggedSnapshot.isOne(record.value()))
                        .count();
        assertEquals(1, letters.size() + taken);
        return letters.isEmpty()
                ? "accepted"
                : new String(
                        letters.get(0).headers().lastHeader(DeadLetter.REASON).value(),
                        StandardCharsets.UTF_8);
    }

    private static double total(ShardHarness shard, String what) {
        return shard.registry.getSampleValue("spectrawatch_ingest_" + what + "_total");
    }

    /** The rules once more, without bounds, stores and shortcuts. */
    private static final class Rules {

        private final Map<String, int[]> parts = new HashMap<>();
        private final Map<String, Long> panes = new HashMap<>();
        private final Map<String, Boolean> spread = new HashMap<>();
        private long ticked = -1;
        private long closed;
        private int gaps;
        private int overPanes;

        String take(Sent sent) {
            ActivationSnapshot snapshot =
                    Wire.decode(Snapshots.bytes(sent.snapshot()), ActivationSnapshot.class);
            String outcome = decide(snapshot);
            if (sent.appendedAt() - Math.max(0, ticked) >= SECOND) {
                ticked = sent.appendedAt();
                closed = Math.max(closed, Math.floorDiv(ticked - LATENESS, PANE) * PANE);
                panes.values().removeIf(end -> end <= closed);
                parts.keySet().retainAll(panes.keySet());
                spread.keySet().retainAll(panes.keySet());
            }
            return outcome;
        }

        private String decide(ActivationSnapshot snapshot) {
            for (Sample sample : snapshot.getSamples()) {
                int[] known = parts.get(key(snapshot, sample));
                boolean first =
                        snapshot.getSamples().stream()
                                .filter(each -> each.getId().equals(sample.getId()))
                                .allMatch(each -> each.getPart() >= sample.getPart());
                if (known != null && first && (known[1] == 1 || sample.getPart() <= known[0])) {
                    return "PART_ORDER";
                }
            }
            long counted = Math.max(snapshot.getCapturedAt(), closed);
            long end = (counted / PANE + 1) * PANE;
            for (Sample sample : snapshot.getSamples()) {
                String key = key(snapshot, sample);
                boolean whole = sample.getPart() == 0 && sample.getLast();
                int[] known = parts.get(key);
                if (known == null && whole) {
                    continue;
                }
                gaps += sample.getPart() == (known == null ? 0 : known[0] + 1) ? 0 : 1;
                if (panes.putIfAbsent(key, end) != null && panes.get(key) != end) {
                    overPanes += spread.put(key, true) == null ? 1 : 0;
                }
                parts.put(key, new int[] {sample.getPart(), sample.getLast() ? 1 : 0});
            }
            return "accepted";
        }

        private static String key(ActivationSnapshot snapshot, Sample sample) {
            return snapshot.getCaptureId() + "/" + sample.getId();
        }
    }
}
