package io.spectrawatch.ingest.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaptureWindowTest {

    @Test
    void aNewWindowHasAcceptedNothing() {
        CaptureWindow window = CaptureWindow.startingAt(500, 128);

        assertFalse(window.contains(500));
        assertFalse(window.contains(373), "earlier numbers of the window may still come");
        assertTrue(window.contains(372), "below the window nothing can be told apart");
    }

    @Test
    void jumpsOfAnySizeForgetWhatTheyPass() {
        CaptureWindow window = CaptureWindow.startingAt(0, 64);
        window.accept(0, 0);

        assertEquals(Long.MAX_VALUE - 1, window.accept(Long.MAX_VALUE, 1));
        assertTrue(window.contains(Long.MAX_VALUE));
        assertTrue(window.contains(0));
        assertFalse(window.contains(Long.MAX_VALUE - 63));
        assertTrue(window.contains(Long.MAX_VALUE - 64));
    }

    @Test
    void whatWasRefusedWasNotSkipped() {
        CaptureWindow window = CaptureWindow.startingAt(0, 64);
        window.accept(0, 0);

        assertEquals(0, window.refuse(1));
        assertEquals(2, window.refuse(4), "2 and 3");
        window = CaptureWindow.fromBytes(window.toBytes(), 64);
        assertEquals(0, window.accept(5, 1));
        assertEquals(0, window.accept(3, 2), "a late arrival");
        assertFalse(window.contains(4), "it may come again");
        assertEquals(1, window.accept(7, 3));
    }

    @Test
    void aRefusedNumberFarAheadHidesNoGap() {
        CaptureWindow window = CaptureWindow.startingAt(0, 64);
        window.accept(0, 0);

        assertEquals(0, window.refuse(Long.MAX_VALUE));
        assertEquals(2, window.accept(3, 1));
    }

    @Test
    void agreesWithASetOfNumbers() {
        long seed = Long.getLong("spectrawatch.seed");
        Random random = new Random(seed);
        for (int width : new int[] {64, 128, 1024}) {
            agreesWithASetOfNumbers(
                    random, width, "repeat with -Dspectrawatch.seed=" + seed + ", width " + width);
        }
    }

    private static void agreesWithASetOfNumbers(Random random, int width, String repeat) {
        CaptureWindow window = CaptureWindow.startingAt(0, width);
        Set<Long> accepted = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 5_000; i++) {
            int step = random.nextInt(100);
            long sequence =
                    step == 0
                            ? highest + random.nextInt(3 * width)
                            : Math.max(0, highest + 2 - random.nextInt(width + 10));
            boolean expected = sequence <= highest - width || accepted.contains(sequence);
            assertEquals(expected, window.contains(sequence), repeat + ", case " + i);
            if (!expected) {
                long skipped = window.accept(sequence, i);
                assertEquals(Math.max(0, sequence - highest - 1), skipped, repeat);
                accepted.add(sequence);
                highest = Math.max(highest, sequence);
            }
            if (i % 50 == 0) {
                window = CaptureWindow.fromBytes(window.toBytes(), width);
            }
        }
    }

    @Test
    void aResizedWindowKeepsWhatItKnows() {
        CaptureWindow narrow = CaptureWindow.startingAt(0, 64);
        for (int sequence : new int[] {100, 90, 50}) {
            narrow.accept(sequence, 1);
        }
        for (int width : new int[] {64, 256}) {
            CaptureWindow resized = CaptureWindow.fromBytes(narrow.toBytes(), width);
            for (int sequence = 0; sequence <= 101; sequence++) {
                assertEquals(
                        narrow.contains(sequence),
                        resized.contains(sequence),
                        "width " + width + ", sequence " + sequence);
            }
        }
    }
}
