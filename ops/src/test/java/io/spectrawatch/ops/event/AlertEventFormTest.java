package io.spectrawatch.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.opentelemetry.api.logs.Severity;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.event.OtlpReceiver.Answer;
import io.spectrawatch.ops.event.OtlpReceiver.Event;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An alert as a collector gets it. */
@Timeout(60)
class AlertEventFormTest {

    private static final long RECORDED = 1_772_366_500_123L;
    private static final Pattern RULE =
            Pattern.compile("severity: (\\w+)\\s+kind: (\\w+)", Pattern.MULTILINE);

    private final AlertEventForm form = new AlertEventForm();

    private Event received(Alert alert) throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver(() -> Answer.TAKEN);
                OtlpSender sender = new OtlpSender(receiver.endpoint(), CollectorConfig.plain())) {
            assertNull(sender.send(form.of(alert, RECORDED)));
            return receiver.events().get(0);
        }
    }

    @Test
    void anEventSaysWhatTheAlertSays() throws Exception {
        Alert alert = MadeAlerts.attack("3fa1", "eve", AlertTransition.RAISED, 1);
        Event event = received(alert);
        assertEquals("spectrawatch.alert", event.name());
        assertEquals("client eve: 31 of 400 samples lie beyond the limit", event.body());
        assertEquals((MadeAlerts.NOON + MadeAlerts.MINUTE) * 1000, event.nanos());
        assertEquals(RECORDED * 1_000_000, event.observedNanos());
        assertEquals(Severity.ERROR.getSeverityNumber(), event.severity());
        assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", event.traceId());
        assertEquals("00f067aa0ba902b7", event.spanId());
        Map<String, String> attributes = event.attributes();
        assertEquals("3fa1", attributes.get("spectrawatch.alert.id"));
        assertEquals("CLIENT_UNDER_ATTACK", attributes.get("spectrawatch.alert.kind"));
        assertEquals("raised", attributes.get("spectrawatch.alert.transition"));
        assertEquals("eve", attributes.get("spectrawatch.alert.subject"));
        assertEquals("gpt", attributes.get("spectrawatch.model.id"));
        assertEquals("9.0", attributes.get("spectrawatch.alert.statistic.lower"));
        assertEquals("4.5", attributes.get("spectrawatch.alert.threshold"));
        assertEquals("31", attributes.get("spectrawatch.alert.evidence.exceedances"));
        assertEquals(Long.toString(alert.getPaneEnd()), attributes.get("spectrawatch.pane.end"));
        assertEquals(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                attributes.get("spectrawatch.sample.trace_ids"));
    }

    @Test
    void anEventIsTheSameToTheByteHoweverOftenItIsMade() throws Exception {
        Alert alert = MadeAlerts.attack("3fa1", "eve", AlertTransition.RAISED, 1);
        String first = received(alert).bytes();
        Event other = received(Alert.newBuilder(alert).setId("3fa2").build());
        assertFalse(first.equals(other.bytes()));
        assertEquals(first, received(alert).bytes());
        Alert again = MadeAlerts.attack("3fa1", "eve", AlertTransition.RAISED, 1);
        try (OtlpReceiver receiver = new OtlpReceiver(() -> Answer.TAKEN);
                OtlpSender sender = new OtlpSender(receiver.endpoint(), CollectorConfig.plain())) {
            sender.send(new AlertEventForm().of(again, RECORDED));
            assertEquals(first, receiver.events().get(0).bytes());
        }
    }

    /** Clients name their own traces. */
    @Test
    void whatIsNoTraceIsNoneAndIsStillSaid() throws Exception {
        Alert alert = MadeAlerts.attack("3fa1", "eve", AlertTransition.RAISED, 1);
        SampleExample example = alert.getExamples().get(0);
        SampleContext odd =
                new SampleContext("s", "<script>" + "x".repeat(200), "\u202E", Map.of());
        Alert named =
                Alert.newBuilder(alert)
                        .setExamples(
                                List.of(SampleExample.newBuilder(example).setContext(odd).build()))
                        .build();
        Event event = received(named);
        assertEquals("", event.traceId());
        assertEquals(odd.getTraceId(), event.attributes().get("spectrawatch.sample.trace_ids"));
    }

    @Test
    void anEventIsAsSevereAsTheRuleOfItsKind() throws Exception {
        Matcher rules =
                RULE.matcher(Files.readString(Path.of("prometheus", "detection.rules.yml")));
        Set<String> critical = new TreeSet<>();
        int all = 0;
        while (rules.find()) {
            all++;
            if (rules.group(1).equals("critical")) {
                critical.add(rules.group(2));
            }
        }
        assertEquals(9, all);
        assertEquals(critical, new TreeSet<>(AlertEventForm.CRITICAL));
        Event drift = received(MadeAlerts.drift("a", AlertTransition.RAISED, 1));
        assertEquals(Severity.WARN.getSeverityNumber(), drift.severity());
        Event end = received(MadeAlerts.attack("b", "eve", AlertTransition.RESOLVED, 1));
        assertEquals(Severity.INFO.getSeverityNumber(), end.severity());
    }
}
