package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EvidenceFitTest {
    @Test
    void theNearestAreSearchedAmongEightRowsAClass() {
        assertEquals(80, EvidenceFit.nearest(false, 10));
        assertEquals(8000, EvidenceFit.nearest(false, 1000));
        assertEquals(8192, EvidenceFit.nearest(false, 4096));
        assertEquals(8192, EvidenceFit.nearest(true, 10));
    }
}
