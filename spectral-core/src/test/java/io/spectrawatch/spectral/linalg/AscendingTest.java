package io.spectrawatch.spectral.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.Property;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AscendingTest {
    @Test
    void placesAreWhatCountingSays() {
        Property.forAll(
                AscendingTest.class,
                200,
                random -> {
                    double[] values = new double[random.nextInt(20)];
                    Arrays.setAll(values, i -> random.nextInt(8));
                    Arrays.sort(values);
                    double value = random.nextInt(8);
                    assertEquals(
                            Arrays.stream(values).filter(v -> v < value).count(),
                            Ascending.below(values, value));
                    assertEquals(
                            Arrays.stream(values).filter(v -> v <= value).count(),
                            Ascending.upTo(values, value));
                });
    }
}
