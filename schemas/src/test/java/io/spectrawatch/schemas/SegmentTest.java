package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SegmentTest {

    @Test
    void theFirstEqualsSignSeparates() {
        Segment segment = Segment.parse("route=/chat?a=b");
        assertEquals("route", segment.attribute());
        assertEquals("/chat?a=b", segment.value());
        assertEquals("route=/chat?a=b", segment.toString());
    }

    @Test
    void otherTextsNameNone() {
        for (String text :
                List.of("", "route", "route=", "=/chat", "a b=c", "x".repeat(65) + "=")) {
            assertNull(Segment.find(text), text);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Segment.parse(text));
            assertTrue(e.getMessage().endsWith("found '" + text + "'"), e.getMessage());
        }
        assertNull(Segment.find("route=" + "v".repeat(257)));
    }

    @Test
    void attributesAreOrderedByNameAndThenByValue() {
        TreeSet<Segment> order = new TreeSet<>();
        for (String text : List.of("b=0", "a-b=9", "a=2", "a=1", "B=5")) {
            order.add(Segment.parse(text));
        }
        assertEquals(
                List.of("B=5", "a=1", "a=2", "a-b=9", "b=0"),
                order.stream().map(Segment::toString).toList());
    }

    @Test
    void itHoldsTheSamplesWithItsValue() {
        Segment segment = Segment.parse("route=/chat");
        Sample sample = WholeSample.of("s", null, null, 1);
        assertFalse(segment.holds(sample));
        assertTrue(segment.holds(with(sample, Map.of("route", "/chat", "other", "x"))));
        assertFalse(segment.holds(with(sample, Map.of("route", "/chat/2"))));
    }

    private static Sample with(Sample sample, Map<String, String> attributes) {
        return Sample.newBuilder(sample).setAttributes(attributes).build();
    }

    @Test
    void keysOfSegmentsAreKeysOfNothingElse() {
        String key = Topics.key("m%in", "1");
        assertNull(Topics.segmentOf(key));
        assertEquals(key, Topics.withoutSegment(key));
        assertEquals(key, Topics.inSegment(key, null));
        for (String segment : List.of("route=/a/b", "p=100%in", "q=%2F")) {
            String own = Topics.inSegment(key, segment);
            assertTrue(own.startsWith(key));
            assertEquals(2, own.split("/", -1).length, own);
            assertEquals(segment, Topics.segmentOf(own));
            assertEquals(key, Topics.withoutSegment(own));
        }
    }
}
