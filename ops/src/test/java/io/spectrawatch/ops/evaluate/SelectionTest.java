package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant EVENING = Instant.parse("2026-03-01T18:00:00Z");

    @Test
    void timesIdsAndClients() {
        is(
                "2026-03-01T12:00:00Z..2026-03-01T18:00:00Z",
                "2026-03-01T12:00:00Z..2026-03-01T18:00:00Z",
                NOON,
                EVENING,
                null,
                null);
        is("pgd=2026-03-01T12:00:00Z..,id:red-", "pgd", NOON, null, "red-", null);
        is("..2026-03-01T18:00:00Z,client:mallory", "mallory", null, EVENING, null, "mallory");
        is("id:a,b=c..d", "a,b=c..d", null, null, "a,b=c..d", null);
        is("name=client:m", "name", null, null, null, "m");
        is("..", "..", null, null, null, null);
        is("id:", "", null, null, "", null);
    }

    private static void is(
            String text, String name, Instant from, Instant to, String idPrefix, String client) {
        assertEquals(
                new Selection(name, from, to, idPrefix, client), Selection.parse("--clean", text));
    }

    @Test
    void whatIsNoSelectionIsNamed() {
        refused("yesterday", "expected, found 'yesterday'");
        refused("", "expected, found ''");
        refused("name=", "expected, found 'name='");
        refused("..,who:me", "expected, found '..,who:me'");
        refused(
                "12:00..13:00",
                "a time in UTC such as 2026-01-31T12:00:00Z expected, found '12:00'");
        refused("2026-03-01T18:00:00Z..2026-03-01T12:00:00Z", "a range must end after it starts");
    }

    private static void refused(String text, String part) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Selection.parse("--clean", text))
                        .getMessage();
        assertTrue(message.startsWith("--clean: ") && message.contains(part), message);
    }

    @Test
    void bothConditionsHold() {
        Sample sample = WholeSample.of("red-7", "mallory", null, 1.0);
        assertTrue(Selection.parse("--clean", "id:red-").names(sample));
        assertTrue(Selection.parse("--clean", "client:mallory").names(sample));
        assertEquals(false, Selection.parse("--clean", "id:blue-").names(sample));
        assertEquals(false, Selection.parse("--clean", "client:m").names(sample));
        Sample unknown = WholeSample.of("red-7", null, null, 1.0);
        assertEquals(false, Selection.parse("--clean", "client:mallory").names(unknown));
    }
}
