package io.spectrawatch.spectral;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a check on many seeded random cases; a failure names the seed and the command that repeats
 * it.
 */
public final class Property {
    private Property() {}

    /**
     * Runs the check on {@code cases} generators whose seeds follow the system property
     * spectrawatch.seed.
     */
    public static void forAll(Class<?> test, int cases, Consumer<Random> check) {
        long base = Long.getLong("spectrawatch.seed", 20260101L);
        for (int i = 0; i < cases; i++) {
            long seed = base + i;
            try {
                check.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + "; repeat with: mvn -pl spectral-core test -Dtest="
                                + test.getSimpleName()
                                + " -Dspectrawatch.seed="
                                + seed
                                + "\n"
                                + e.getMessage(),
                        e);
            }
        }
    }
}
