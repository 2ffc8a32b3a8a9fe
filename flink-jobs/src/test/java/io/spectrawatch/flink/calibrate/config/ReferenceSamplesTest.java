package io.spectrawatch.flink.calibrate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
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
        return samples.payloads().stream()
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
                    long held = samples.payloads().stream().mapToLong(each -> each.length).sum();
                    assertTrue(held <= MOST_BYTES, held + " bytes, seed " + seed);
                }
            }
            List<Integer> kept = kept(samples);
            assertTrue(kept.size() > 100, kept.size() + " kept, seed " + seed);
            assertTrue(samples.isFull());
            assertEquals(ascending.subList(0, kept.size()), kept, "seed " + seed);
        }
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
        assertEquals(600, samples.payloads().size());
    }
}
