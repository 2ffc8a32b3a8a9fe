package io.spectrawatch.spectral.detect.pairs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private static final double ROUNDING = 1e-9;

    private static RecentRequests.Request request(double at) {
        return new RecentRequests.Request(
                "at " + at, 3, 1, new double[] {1, at}, new double[] {at}, 0.5, 1, 1);
    }

    private static Double distance(RecentRequests recent, String client, double at) {
        RecentRequests.Near near = recent.observe(client, request(at), 0.01, 1, 0.2);
        return near == null ? null : near.ratio().distance();
    }

    @Test
    void aClientIsComparedWithItsOwnNearestRequestOnly() {
        RecentRequests recent = new RecentRequests(2, 2);
        assertNull(distance(recent, "a", 0));
        assertNull(distance(recent, "b", 0.5));
        assertEquals(0.4, distance(recent, "a", 0.4), ROUNDING);
        assertEquals(0.1, distance(recent, "a", 0.5), ROUNDING);
        assertNull(recent.observe("a", request(0.5), 0.2, 0.3, 0.25), "too near and too far");
    }

    private static int depth(RecentRequests recent, double at) {
        RecentRequests.Near near = recent.observe("a", request(at), 0.01, 1, 0.2);
        return near == null ? 1 : near.depth();
    }

    /** Also past requests that have nothing to do with it; a repeat goes where it was. */
    @Test
    void closeStepsAreCounted() {
        RecentRequests recent = new RecentRequests(1, 4);
        assertEquals(1, depth(recent, 0));
        assertEquals(2, depth(recent, 0.15));
        assertEquals(1, depth(recent, 0.8));
        assertEquals(3, depth(recent, 0.3));
        assertEquals(3, depth(recent, 0.3));
        assertEquals(4, depth(recent, 0.25));
        assertEquals(1, depth(recent, 5));
    }

    @Test
    void theClientThatWasSilentLongestIsForgotten() {
        RecentRequests recent = new RecentRequests(2, 2);
        distance(recent, "a", 0);
        distance(recent, "b", 0);
        distance(recent, "a", 0.1);
        assertNull(distance(recent, "c", 0));
        assertEquals(0.1, distance(recent, "a", 0.2), ROUNDING);
        assertNull(distance(recent, "b", 0.1), "forgotten when c came");
    }

    @Test
    void theOldestRequestOfAClientIsForgotten() {
        RecentRequests recent = new RecentRequests(1, 2);
        distance(recent, "a", 0);
        distance(recent, "a", 0.5);
        distance(recent, "a", 0.9);
        assertEquals(0.5, distance(recent, "a", 0), ROUNDING);
    }

    @Test
    void aRepeatTakesThePlaceOfWhatItRepeats() {
        RecentRequests recent = new RecentRequests(1, 2);
        distance(recent, "a", 0);
        distance(recent, "a", 0.5);
        for (int retry = 0; retry < 5; retry++) {
            assertEquals(0.5, distance(recent, "a", 0.5 + 1e-3 * retry), 0.01);
        }
        assertEquals(0.2, distance(recent, "a", 0.2), ROUNDING);
    }

    @Test
    void whatIsReadIsWhatWasWrittenAsFarAsThereIsRoom() throws IOException {
        RecentRequests recent = new RecentRequests(3, 3);
        for (double at : new double[] {0, 0.3, 0.6, 0.9}) {
            distance(recent, "a", at);
            distance(recent, "b", at);
        }
        distance(recent, "ü", 0);
        byte[] bytes = bytes(recent);
        assertArrayEquals(bytes, bytes(read(bytes, new RecentRequests(3, 3))));
        RecentRequests smaller = read(bytes, new RecentRequests(2, 1));
        assertEquals(0.2, distance(smaller, "b", 0.7), ROUNDING);
        assertEquals(0.7, distance(smaller, "ü", 0.7), ROUNDING);
        assertNull(distance(smaller, "a", 0.7), "came before the others");
    }

    @Test
    void bytesThatFitNoMemoryAreRefused() throws IOException {
        RecentRequests recent = new RecentRequests(1, 1);
        distance(recent, "a", 0);
        byte[] bytes = bytes(recent);
        refused("answer from 0 to 0", bytes, 2, 1);
        assertThrows(
                EOFException.class,
                () -> new RecentRequests(1, 1).read(new DetectorInput(bytes), 90, 1, 2, true));
        byte[] negative = bytes.clone();
        negative[bytes.length - Integer.BYTES - Double.BYTES] = (byte) 0x80;
        refused("a positive norm", negative, 2, 2);
        assertThrows(IllegalArgumentException.class, () -> new RecentRequests(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new RecentRequests(1, 0));
    }

    private static void refused(String part, byte[] bytes, int width, int classes) {
        String message =
                assertThrows(
                                IOException.class,
                                () ->
                                        new RecentRequests(1, 1)
                                                .read(
                                                        new DetectorInput(bytes),
                                                        width,
                                                        1,
                                                        classes,
                                                        true))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }

    private static byte[] bytes(RecentRequests recent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        recent.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static RecentRequests read(byte[] bytes, RecentRequests into) throws IOException {
        into.read(new DetectorInput(bytes), 2, 1, 2, true);
        return into;
    }
}
