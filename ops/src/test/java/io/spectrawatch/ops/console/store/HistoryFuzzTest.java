package io.spectrawatch.ops.console.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.console.MadeRecords;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged parts of a stored history: refused, or within the bounds of one that was read. */
class HistoryFuzzTest {

    private static final int CASES = 5_000;

    /** Records become objects, and a series has room for 360 points however few it has. */
    private static final long FACTOR = 256;

    private static List<byte[]> parts() {
        History history = new History(10, 10);
        history.accept(MadeRecords.sketch("gpt", "h.0", 0, 1, 1.2));
        history.accept(MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 1, 0.5));
        history.accept(MadeRecords.scores("gpt", "r1", "c1", 1, 0.002));
        history.accept(MadeRecords.exceedances("gpt", 1, 200, 3));
        return List.copyOf(history.takeChanges().values());
    }

    private static History restored(byte[] part) {
        History history = new History(10, 10);
        history.restore(part);
        return history;
    }

    @Test
    void damagedPartsAreRefusedOrWithinTheBounds() {
        new Fuzz<>(
                        "console-history",
                        HistoryFuzzTest.class,
                        HistoryFuzzTest::restored,
                        Set.of(StoreFormatException.class, WireException.class),
                        history ->
                                history.read(
                                        models -> {
                                            models.values().forEach(HistoryFuzzTest::check);
                                            return null;
                                        }),
                        FACTOR)
                .run(parts(), CASES);
    }

    private static void check(ModelHistory model) {
        for (LayerHistory each : model.layers().values()) {
            assertTrue(each.series().size() <= Series.MOST);
            assertTrue(each.newest().getLayer() != null && each.names().size() <= 8);
        }
        for (InterfaceHistory each : model.interfaces().values()) {
            assertTrue(each.series().size() <= Series.MOST);
            assertTrue(each.newest().getPaneEnd() > Long.MIN_VALUE);
        }
        SampleHistory samples = model.samples();
        assertTrue(samples.findings().size() <= 200 && samples.pairs().size() <= 200);
        assertTrue(samples.found() <= samples.samples());
        assertTrue(samples.histogram(20).length == 20);
    }
}
