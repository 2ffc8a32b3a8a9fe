package io.spectrawatch.ops.evaluate;

import io.spectrawatch.ops.evaluate.EvaluatedExample.Floors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures the detectors on the example model against every attack beside it, by the command. */
class MnistExampleTest {
    private static final Path EXAMPLE = Path.of("examples", "mnist");
    private static final List<String> ATTACKS =
            List.of(
                    "fgsm-0.1",
                    "fgsm-0.2",
                    "fgsm-0.3",
                    "pgd-0.1",
                    "pgd-0.2",
                    "pgd-0.3",
                    "pgd-l2-2",
                    "cw-l2");

    /** 1,000 clean digits at 1 % flag 10; a valid detector flags 30 with a chance below 1e-6. */
    private static final double MOST_FALSE = 0.03;

    @TempDir private Path folder;

    @Test
    void theCombinationBeatsEveryPeer() throws Exception {
        EvaluatedExample.of(folder, EXAMPLE, "mnist", ATTACKS)
                .check(new Floors(0.95, 0.05, 0, 1.3, MOST_FALSE));
    }
}
