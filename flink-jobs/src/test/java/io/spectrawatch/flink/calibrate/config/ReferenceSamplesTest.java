package io.spectrawatch.flink.calibrate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;

/** Tens of thousands of samples pass through the memory of a few, and the same ones stay. */
class ReferenceSamplesTest {
    private static final int SAMPLES = 30_000;
    private static final int COLUMNS = 784;

    /** Less than a hundredth of what comes. */
    private static final long MOST_BYTES = 1L << 19;

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);

    private static ReferenceSample sample(int place, int number) {
        return new ReferenceSample(
                place,
                String.format(Locale.ROOT, "id-%05d", number),
                0,
                number,
                1,
                List.of(new Tap("pixels", TapRole.INPUT, COLUMNS)),
                List.of(new float[COLUMNS]));
    }

    /** Where each of the samples stands in the order of the hashes. */
    private int[] places() {
        Random random = new Random(seed);
        return random.ints(SAMPLES, 0, Integer.MAX_VALUE).toArray();
    }

    private static List<Integer> kept(ReferenceSamples samples) {
        return samples.payloads()
                .map(payload -> ReferenceSample.fromBytes(payload).place())
                .toList();
    }

    @Test
    void whatIsHeldNeverExceedsTheLimitAndIsTheSameInEveryOrder() {
        int[] places = places();
        List<Integer> ascending = new ArrayList<>();
        for (int place : places) {
            ascending.add(place);
        }
        ascending.sort(Comparator.naturalOrder());
        for (boolean backwards : new boolean[] {false, true}) {
            ReferenceSamples samples = new ReferenceSamples(SAMPLES, MOST_BYTES);
            for (int i = 0; i < SAMPLES; i++) {
                int number = backwards ? SAMPLES - 1 - i : i;
                if (samples.takes(places[number])) {
                    ReferenceSample sample = sample(places[number], number);
                    samples.add(sample, sample.toBytes());
                }
                if (i % 1000 == 0) {
                    long held = samples.payloads().mapToLong(each -> each.length).sum();
                    assertTrue(held <= MOST_BYTES, held + " bytes, seed " + seed);
                }
            }
            List<Integer> kept = kept(samples);
            assertTrue(kept.size() > 100, kept.size() + " kept, seed " + seed);
            assertTrue(samples.isFull());
            assertEquals(ascending.subList(0, kept.size()), kept, "seed " + seed);
        }
    }

    /** What is dropped again costs its copy; that is to be rare. */
    @Test
    void whatLiesBeyondTheirBytesIsNotCopied() {
        int[] places = places();
        ReferenceSamples samples = new ReferenceSamples(SAMPLES, MOST_BYTES);
        int copied = 0;
        for (int i = 0; i < SAMPLES; i++) {
            if (samples.takes(places[i])) {
                ReferenceSample sample = sample(places[i], i);
                samples.add(sample, sample.toBytes());
                copied++;
            }
        }
        // n samples of which k fit: about k (1 + ln(n / k)) are the smallest so far.
        assertTrue(copied < SAMPLES / 20, copied + " copied, seed " + seed);
    }

    /** Of any sizes, over any number of choices that hand on at any time: the same longest run. */
    @Test
    void choicesThatHandOnMeetInTheLongestRunThatFits() {
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            List<ReferenceSample> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                all.add(sized(random.nextInt(1_000), i, random.nextInt(6), 1 + random.nextInt(40)));
            }
            List<Integer> expected = longestRun(all, 20_000);
            Collections.shuffle(all, random);
            ReferenceSamples merged = new ReferenceSamples(SAMPLES, 20_000);
            // Two processes with three shards each, of which one after the other ends.
            ReferenceSamples[] processes = {
                new ReferenceSamples(SAMPLES, 20_000), new ReferenceSamples(SAMPLES, 20_000)
            };
            for (int shard = 0; shard < 6; shard++) {
                for (int later = shard; later < 6; later++) {
                    int own = later;
                    int part = shard;
                    all.stream()
                            .filter(each -> each.shard() == own)
                            .filter(each -> each.number() % (own + 1) == part)
                            .filter(each -> processes[own % 2].takes(each.place()))
                            .forEach(each -> processes[own % 2].add(each, each.toBytes()));
                }
                int ended = shard;
                processes[shard % 2]
                        .handOn(each -> each == ended)
                        .forEachRemaining(
                                payload -> merged.add(ReferenceSample.fromBytes(payload), payload));
            }
            assertEquals(expected, numbers(merged), "seed " + seed + ", run " + run);
        }
    }

    private static List<Integer> longestRun(List<ReferenceSample> all, long most) {
        List<ReferenceSample> ordered = new ArrayList<>(all);
        ordered.sort(
                Comparator.comparingInt(ReferenceSample::place)
                        .thenComparing(ReferenceSample::id)
                        .thenComparingInt(ReferenceSample::shard));
        List<Integer> run = new ArrayList<>();
        long bytes = 0;
        for (ReferenceSample each : ordered) {
            bytes += each.toBytes().length;
            if (bytes > most) {
                break;
            }
            run.add((int) each.number());
        }
        return run;
    }

    private static List<Integer> numbers(ReferenceSamples samples) {
        return samples.payloads()
                .map(payload -> (int) ReferenceSample.fromBytes(payload).number())
                .toList();
    }

    private static ReferenceSample sized(int place, int number, int shard, int columns) {
        return new ReferenceSample(
                place,
                String.format(Locale.ROOT, "id-%05d", number),
                shard,
                number,
                1,
                List.of(new Tap("pixels", TapRole.INPUT, columns)),
                List.of(new float[columns]));
    }

    /** Whatever the number of shards, a process holds the bytes that it may, in small arrays. */
    @Test
    void allShardsOfAProcessShareOneBudget() {
        CalibrateSettings.Detecting detecting =
                new CalibrateSettings.Detecting(List.of(), SAMPLES, MOST_BYTES, 0, List.of());
        JobID job = new JobID();
        try (SharedSamples first = SharedSamples.join(job, detecting);
                SharedSamples second = SharedSamples.join(job, detecting);
                SharedSamples other = SharedSamples.join(new JobID(), detecting)) {
            assertSame(first, second);
            assertNotSame(first, other);
            int held = 0;
            for (int i = 0; i < SAMPLES; i++) {
                ReferenceSample sample = sized(i, i, i % 64, COLUMNS);
                SharedSamples own = i % 2 == 0 ? first : second;
                if (own.takes(i)) {
                    own.add(sample, sample.toBytes());
                    held++;
                }
            }
            // One more than fits is remembered.
            assertTrue(held - 1 <= MOST_BYTES / (COLUMNS * Float.BYTES), held + " held");
        }
        try (SharedSamples later = SharedSamples.join(job, detecting)) {
            assertTrue(later.takes(Integer.MAX_VALUE));
        }
    }

    @Test
    void whatTheHeapHasNoRoomForIsRefused() {
        CalibrateSettings.Detecting detecting =
                new CalibrateSettings.Detecting(List.of(), SAMPLES, 128L << 20, 0, List.of());
        detecting.requireRoom(384L << 20);
        assertEquals(
                "detect.memory.bytes: at most 89478485 bytes, a third of this process's heap of 256"
                        + " MiB (-Xmx), found 134217728",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> detecting.requireRoom(256L << 20))
                        .getMessage());
        new CalibrateSettings.Detecting(List.of(), 0, 128L << 20, 0, List.of()).requireRoom(1);
    }

    @Test
    void theNumberLimitsThemToo() {
        int[] places = places();
        ReferenceSamples samples = new ReferenceSamples(600, 1L << 30);
        int copied = 0;
        for (int i = 0; i < SAMPLES; i++) {
            if (samples.takes(places[i])) {
                ReferenceSample sample = sample(places[i], i);
                samples.add(sample, sample.toBytes());
                copied++;
            }
        }
        // Most are turned away before they are copied.
        assertTrue(copied < SAMPLES / 5, copied + " copied, seed " + seed);
        assertEquals(600, samples.size());
    }
}
