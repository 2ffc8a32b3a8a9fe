package io.spectrawatch.flink.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.baseline.BaselineException.Reason;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What is published, what is in force, what a rollback goes back to. */
class BaselineCatalogueTest {

    private final BaselineCatalogue.Builder builder = new BaselineCatalogue.Builder();
    private long offset;

    @Test
    void onlyEntriesCountAndTheirOrderIsThatOfPublication() {
        BaselineEntry first = publish("first");
        BaselineEntry second = publish("second");
        publish("first");
        baseline(Topics.key(first.getBaselineId(), "chunk", "0"), new byte[] {1});

        assertEquals(List.of(first, second), builder.build().entries());
        assertEquals(List.of(), builder.build().unreadable());
    }

    @Test
    void aTombstoneTakesAnEntryBack() {
        BaselineEntry entry = publish("first");
        baseline(BaselineFormat.entryKey(entry.getBaselineId()), null);
        assertEquals(List.of(), builder.build().entries());
    }

    @Test
    void whatCannotBeReadIsListedAndPassedOver() {
        baseline("x/entry", new byte[] {1, 2, 3});
        activate("m", new byte[0]);
        activate("m", "a", 60);

        BaselineCatalogue catalogue = builder.build();
        assertEquals(1, catalogue.requests().size());
        assertEquals(2, catalogue.unreadable().size());
        assertTrue(catalogue.unreadable().get(0).startsWith("baselines offset 0: expected the"));
    }

    @Test
    void anIdIsFoundByItsBeginning() throws Exception {
        BaselineEntry entry = publish("first");
        for (int i = 0; i < 16; i++) {
            publish("other" + i);
        }
        BaselineCatalogue catalogue = builder.build();
        assertEquals(entry, catalogue.find(entry.getBaselineId().substring(0, 12)));

        BaselineException unknown =
                assertThrows(BaselineException.class, () -> catalogue.find("nothing"));
        assertEquals(Reason.UNKNOWN, unknown.reason());
        assertEquals("no baseline 'nothing' among the 17 published", unknown.getMessage());
        assertThrows(BaselineException.class, () -> catalogue.find(""));

        // among 17 ids two begin with the same of 16 digits
        String shared =
                catalogue.entries().stream()
                        .map(e -> e.getBaselineId().substring(0, 1))
                        .filter(d -> beginning(catalogue, d) > 1)
                        .findFirst()
                        .orElseThrow();
        BaselineException several =
                assertThrows(BaselineException.class, () -> catalogue.find(shared));
        assertEquals(Reason.AMBIGUOUS, several.reason());
    }

    @Test
    void inForceIsTheLatestEffectAndTheLaterRequestWhereTheyTie() {
        activate("m", "a", 60);
        activate("m", "c", 180);
        activate("m", "b", 120);
        activate("m", "d", 180);
        activate("other", "e", 60);
        BaselineCatalogue catalogue = builder.build();

        assertEquals(Optional.empty(), inForce(catalogue, 59));
        assertEquals(Optional.of("a"), inForce(catalogue, 60));
        assertEquals(Optional.of("b"), inForce(catalogue, 179));
        assertEquals(Optional.of("d"), inForce(catalogue, 180));
        assertEquals("d", catalogue.last("m", "1", null).orElseThrow().activate().getBaselineId());
    }

    @Test
    void aRollbackGoesBackToWhatAnotherRequestAskedFor() throws Exception {
        activate("m", "a", 60);
        activate("m", "b", 120);
        activate("m", "b", 180);
        assertEquals("a", builder.build().previous("m", "1", null).getBaselineId());

        activate("m", "a", 240);
        assertEquals("b", builder.build().previous("m", "1", null).getBaselineId());

        activate("m", (String) null, 300);
        activate("m", "c", 360);
        assertNull(builder.build().previous("m", "1", null).getBaselineId());
    }

    @Test
    void withoutAnEarlierActivationThereIsNothingToGoBackTo() {
        activate("m", "a", 60);
        activate("m", "a", 120);
        BaselineException e =
                assertThrows(
                        BaselineException.class, () -> builder.build().previous("m", "1", null));
        assertEquals(
                "model m version 1 has no earlier activation to go back to; 2 recorded",
                e.getMessage());
    }

    private static long beginning(BaselineCatalogue catalogue, String digits) {
        return catalogue.entries().stream()
                .filter(e -> e.getBaselineId().startsWith(digits))
                .count();
    }

    private static Optional<String> inForce(BaselineCatalogue catalogue, long at) {
        return catalogue.inForce("m", "1", null, at).map(r -> r.activate().getBaselineId());
    }

    private BaselineEntry publish(String content) {
        BaselineEntry entry =
                BaselinePublisher.entry(
                        content.getBytes(StandardCharsets.UTF_8),
                        new BaselineOrigin("m", "1", "ab", List.of(), 5, Map.of()));
        baseline(BaselineFormat.entryKey(entry.getBaselineId()), Wire.encode(entry));
        return entry;
    }

    private void baseline(String key, byte[] value) {
        builder.baseline(
                new ConsumerRecord<>(
                        "baselines", 0, offset++, key.getBytes(StandardCharsets.UTF_8), value));
    }

    private void activate(String model, String baselineId, long effectiveFrom) {
        activate(
                model,
                Wire.encode(new Activate(model, "1", baselineId, effectiveFrom, "me", null)));
    }

    private void activate(String model, byte[] value) {
        byte[] key = model.getBytes(StandardCharsets.UTF_8);
        builder.activation(new ConsumerRecord<>("activation", 0, offset++, key, value));
    }
}
