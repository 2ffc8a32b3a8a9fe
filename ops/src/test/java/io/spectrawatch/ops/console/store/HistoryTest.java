package io.spectrawatch.ops.console.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** What the console keeps of models. */
class HistoryTest {

    private static LayerSketch sketch(String model, String layer) {
        LayerSketch any =
                Fuzz.corpus("exported").stream()
                        .map(Wire::decode)
                        .filter(LayerSketch.class::isInstance)
                        .map(LayerSketch.class::cast)
                        .findFirst()
                        .orElseThrow();
        return LayerSketch.newBuilder(any).setModelId(model).setLayer(layer).build();
    }

    @Test
    void furtherModelsAndLayersAreCountedInstead() {
        History history = new History(2, 3);
        history.accept(sketch("a", "0"));
        history.accept(sketch("a", "1"));
        history.accept(sketch("b", "0"));
        history.accept(sketch("b", "1"));
        history.accept(sketch("c", "0"));
        history.accept(sketch("a", "0"));
        assertEquals(2, history.dropped());
        int models = history.read(all -> all.size());
        assertEquals(2, models);
    }

    /** Whatever can be decoded must not stop the console. */
    @Test
    void damagedRecordsNeverStopTheConsole() {
        History history = new History(50, 50);
        new Fuzz<SpecificRecord>(
                        "exported",
                        HistoryTest.class,
                        Wire::decode,
                        Set.of(io.spectrawatch.schemas.WireException.class),
                        history::accept,
                        256)
                .run(Fuzz.corpus("exported"), 5_000);
    }
}
