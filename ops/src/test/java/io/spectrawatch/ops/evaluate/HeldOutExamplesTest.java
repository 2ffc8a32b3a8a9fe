package io.spectrawatch.ops.evaluate;

import io.spectrawatch.ops.evaluate.EvaluatedExample.Floors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the example models on clothes to floors, by the command. */
class HeldOutExamplesTest {
    private static final Path EXAMPLE = Path.of("examples", "fashion");
    private static final List<String> ATTACKS =
            List.of("fgsm-0.05", "pgd-0.05", "pgd-0.1", "momentum-0.07", "patch");

    /** 2,000 clean images at 1 % flag 20; a valid detector flags 50 with a chance below 1e-3. */
    private static final double MOST_FALSE = 0.025;

    @TempDir private Path folder;

    @Test
    void theConvolutionalNetworkOnClothes() throws Exception {
        evaluated("cnn").check(new Floors(0.96, 0.6, 1.5, MOST_FALSE));
    }

    @Test
    void theTransformerOnClothes() throws Exception {
        evaluated("vit").check(new Floors(0.95, 0.5, 1.5, MOST_FALSE));
    }

    private EvaluatedExample evaluated(String model) throws Exception {
        List<String> attacked = ATTACKS.stream().map(name -> model + "-" + name).toList();
        return EvaluatedExample.of(folder, EXAMPLE, model, attacked);
    }
}
