package io.spectrawatch.ops.demo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SpeakingRow;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoRequestTest {

    @Test
    void theTraceFollowsFromTheNumber() {
        Set<String> traces = new HashSet<>();
        for (long number = 0; number < 1000; number++) {
            Sample sample = DemoRequest.of("id", "client", number, "session", "/route");
            assertEquals(sample, DemoRequest.of("id", "client", number, "session", "/route"));
            assertTrue(sample.getTraceId().matches("[0-9a-f]{32}"), sample.getTraceId());
            assertTrue(sample.getSpanId().matches("[0-9a-f]{16}"), sample.getSpanId());
            traces.add(sample.getTraceId());
        }
        assertEquals(1000, traces.size());
    }

    @Test
    void theTextSaysWhatIsKnown() {
        SampleContext context =
                new SampleContext("s", "0af7", null, Map.of(DemoRequest.ROUTE, "/chat"));
        List<SpeakingRow> tokens =
                List.of(new SpeakingRow(40L, "PROMPT", .5), new SpeakingRow(7L, "PROMPT", .25));

        assertEquals(
                "trace 0af7, session s, route /chat, tokens 40 (50 %), 7 (25 %)",
                DemoRequest.text(context, tokens));
        assertEquals(
                "positions 3 (100 %)",
                DemoRequest.text(null, List.of(new SpeakingRow(3L, null, 1.0))));
        assertEquals("", DemoRequest.text(null, List.of()));
    }
}
