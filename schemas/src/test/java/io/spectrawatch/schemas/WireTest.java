package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireTest {

    static Stream<SpecificRecord> samples() {
        return Samples.all().values().stream();
    }

    @Test
    void everyTopicRecordHasASample() {
        assertEquals(
                Wire.currentSchemas(),
                Samples.all().values().stream().map(SpecificRecord::getSchema).toList());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void goldenBytesOfTheReleasedVersionStayReadableAndTheSame(SpecificRecord sample)
            throws IOException {
        byte[] golden = golden(sample.getSchema().getName() + "-1.bin");

        assertEquals(sample, Wire.decode(golden));
        assertArrayEquals(golden, Wire.encode(sample));
        assertTrue(Wire.isA(golden, sample.getSchema().getFullName()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsRefused(SpecificRecord sample) {
        byte[] encoded = Wire.encode(sample);
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            WireException e = assertThrows(WireException.class, () -> Wire.decode(cut));
            assertEquals(RejectionReason.UNDECODABLE, e.reason());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void trailingBytesAreRefused(SpecificRecord sample) {
        byte[] encoded = Wire.encode(sample);
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThrows(WireException.class, () -> Wire.decode(longer));
    }

    @Test
    void anUnknownFingerprintIsNamed() {
        byte[] encoded = Wire.encode(Samples.snapshot());
        encoded[5] ^= 1;
        WireException e = assertThrows(WireException.class, () -> Wire.decode(encoded));
        assertEquals(RejectionReason.UNKNOWN_SCHEMA, e.reason());
        assertTrue(e.getMessage().contains("fingerprint"));
        assertFalse(Wire.isA(encoded, ActivationSnapshot.getClassSchema().getFullName()));
    }

    @Test
    void aTombstoneIsRefused() {
        assertThrows(WireException.class, () -> Wire.decode(null));
    }

    @Test
    void anotherTypeIsNamed() {
        byte[] tick = Wire.encode(Samples.all().get("Tick"));
        WireException e =
                assertThrows(
                        WireException.class, () -> Wire.decode(tick, ActivationSnapshot.class));
        assertEquals("expected a ActivationSnapshot, found a Tick", e.getMessage());
    }

    /** Any damage is refused or gives another well-formed record; it never ends otherwise. */
    @Test
    void damagedBytesNeverEscapeAsOtherErrors() {
        long seed = Long.getLong("spectrawatch.seed");
        SplittableRandom random = new SplittableRandom(seed);
        byte[] encoded = Wire.encode(Samples.snapshot());
        for (int trial = 0; trial < 20_000; trial++) {
            byte[] damaged = encoded.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertNotNull(Wire.decode(damaged));
            } catch (WireException refused) {
                assertNotNull(refused.reason());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "trial "
                                + trial
                                + "; repeat with mvn test -pl schemas -Dtest=WireTest"
                                + " -Dspectrawatch.seed="
                                + seed,
                        e);
            }
        }
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = WireTest.class.getResourceAsStream("/golden/" + name)) {
            assertNotNull(in, "no golden file " + name);
            return in.readAllBytes();
        }
    }
}
