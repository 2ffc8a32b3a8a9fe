package io.spectrawatch.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Damaged records of every topic through the codec that all processes share. */
class WireFuzzTest {

    private static final int CASES = 40_000;

    /** A map entry of two empty texts takes two bytes in the record. */
    private static final long FACTOR = 256;

    @Test
    void damagedRecordsAreRefusedOrReadAlike() {
        new Fuzz<SpecificRecord>(
                        "wire",
                        WireFuzzTest.class,
                        Wire::decode,
                        Set.of(WireException.class),
                        WireFuzzTest::check,
                        FACTOR)
                .run(Fuzz.corpus("wire-valid"), CASES);
    }

    /** Compared as bytes, because NaN is no error of a codec and differs from itself. */
    private static void check(SpecificRecord read) {
        byte[] encoded = Wire.encode(read);
        assertArrayEquals(encoded, Wire.encode(Wire.decode(encoded)));
    }
}
