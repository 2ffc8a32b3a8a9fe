package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * A deployment with as many alerts as the console keeps, all of which stand, and a model of a
 * thousand layers with an interface between each two.
 */
final class LargeConsole {

    static final int LAYERS = 1_000;
    static final int ALERTS = 10_000;

    private LargeConsole() {}

    static void fill(Consumer<SpecificRecord> console) {
        for (int i = 0; i < LAYERS; i++) {
            console.accept(MadeRecords.sketch("gpt", "layers." + i, i, 1, 1.2));
        }
        for (int i = 0; i + 1 < LAYERS; i++) {
            String x = "layers." + i;
            String y = "layers." + (i + 1);
            console.accept(MadeRecords.certificate("gpt", x + "->" + y, x, y, 1, -0.5));
        }
        for (int i = 0; i < ALERTS; i++) {
            console.accept(
                    Alert.newBuilder(MadeAlerts.drift("id" + i, AlertTransition.RAISED, i % 500))
                            .setPart("layers." + i)
                            .build());
        }
    }
}
