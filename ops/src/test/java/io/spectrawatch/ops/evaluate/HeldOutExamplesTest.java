package io.spectrawatch.ops.evaluate;

import io.spectrawatch.ops.evaluate.EvaluatedExample.Floors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the example models on clothes and on definitions to floors, by the command. */
class HeldOutExamplesTest {
    private static final Path EXAMPLE = Path.of("examples", "fashion");
    private static final List<String> ATTACKS =
            List.of("fgsm-0.05", "pgd-0.05", "pgd-0.1", "momentum-0.07", "patch");

    /** 2,000 clean images at 1 % flag 20; a valid detector flags 50 with a chance below 1e-3. */
    private static final double MOST_FALSE = 0.025;

    @TempDir private Path folder;

    @Test
    void theConvolutionalNetworkOnClothes() throws Exception {
        evaluated("cnn").check(new Floors(0.96, 0.05, 0.6, 1.5, MOST_FALSE));
    }

    @Test
    void theTransformerOnClothes() throws Exception {
        evaluated("vit").check(new Floors(0.95, 0.05, 0.5, 1.5, MOST_FALSE));
    }

    /** Where least is found: on so few definitions less than by the model's own doubt. */
    @Test
    void theClassifierOfDefinitions() throws Exception {
        EvaluatedExample.of(
                        folder,
                        Path.of("examples", "glosses"),
                        "glosses",
                        "text-ngrams-1,hidden0,embedding",
                        List.of("synonyms", "typos", "deletion"))
                .check(new Floors(0.72, -0.1, 0, 0, MOST_FALSE));
    }

    private EvaluatedExample evaluated(String model) throws Exception {
        List<String> attacked = ATTACKS.stream().map(name -> model + "-" + name).toList();
        return EvaluatedExample.of(folder, EXAMPLE, model, attacked);
    }
}
