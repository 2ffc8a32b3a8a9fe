package io.spectrawatch.spectral.detect.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeavyHittersTest {

    @Test
    void whoSendsMuchIsNeverLost() {
        Property.forAll(HeavyHittersTest.class, 30, HeavyHittersTest::check);
    }

    private static void check(Random random) {
        int capacity = 1 + random.nextInt(20);
        int samples = 500 + random.nextInt(1000);
        HeavyHitters hitters = new HeavyHitters(capacity);
        Map<String, Integer> sent = new HashMap<>();
        int spread = 1 + random.nextInt(100);
        for (int i = 0; i < samples; i++) {
            String client = "c" + (int) Math.abs(random.nextGaussian() * spread);
            sent.merge(client, 1, Integer::sum);
            hitters.count(client, random.nextBoolean());
        }
        Map<String, HeavyHitters.Entry> found = new HashMap<>();
        hitters.entries().forEach(entry -> found.put(entry.client(), entry));
        assertTrue(found.size() <= capacity);
        for (Map.Entry<String, Integer> each : sent.entrySet()) {
            HeavyHitters.Entry entry = found.get(each.getKey());
            assertTrue(entry != null || each.getValue() <= samples / capacity, each.getKey());
            if (entry != null) {
                assertTrue(entry.samples() <= each.getValue());
                assertTrue(entry.estimate() >= each.getValue());
                assertTrue(entry.estimate() <= each.getValue() + samples / capacity);
            }
        }
    }

    @Test
    void whoIsKeptDoesNotDependOnTheExceedances() {
        Property.forAll(
                HeavyHittersTest.class,
                20,
                random -> {
                    HeavyHitters none = new HeavyHitters(5);
                    HeavyHitters some = new HeavyHitters(5);
                    for (int i = 0; i < 300; i++) {
                        String client = "c" + random.nextInt(30);
                        none.count(client, false);
                        some.count(client, random.nextBoolean());
                    }
                    assertEquals(
                            none.entries().stream().map(HeavyHitters.Entry::client).toList(),
                            some.entries().stream().map(HeavyHitters.Entry::client).toList());
                });
    }

    @Test
    void anInterruptedCountGoesOnAsIfItWereNot() {
        Random random = new Random(5);
        HeavyHitters whole = new HeavyHitters(4);
        HeavyHitters parts = new HeavyHitters(4);
        for (int i = 0; i < 200; i++) {
            String client = "c" + random.nextInt(12);
            boolean exceeds = random.nextBoolean();
            whole.count(client, exceeds);
            parts.count(client, exceeds);
            parts = HeavyHitters.of(4, parts.entries());
        }
        assertEquals(whole.entries(), parts.entries());
    }

    @Test
    void shardsAddUpInAnyOrder() {
        List<HeavyHitters.Entry> a = List.of(entry("x", 5, 1), entry("y", 3, 0), entry("z", 1, 1));
        List<HeavyHitters.Entry> b = List.of(entry("y", 3, 2), entry("w", 1, 0));
        List<HeavyHitters.Entry> merged = HeavyHitters.merge(List.of(a, b), 3);
        assertEquals(List.of(entry("y", 6, 2), entry("x", 5, 1), entry("w", 1, 0)), merged);
        assertEquals(merged, HeavyHitters.merge(List.of(b, a), 3));
    }

    private static HeavyHitters.Entry entry(String client, long samples, long exceedances) {
        return new HeavyHitters.Entry(client, samples, samples, exceedances);
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HeavyHitters(0));
        assertThrows(IllegalArgumentException.class, () -> entry("x", 1, 2));
        assertThrows(
                IllegalArgumentException.class,
                () -> HeavyHitters.of(1, List.of(entry("x", 1, 0), entry("y", 1, 0))));
    }
}
