package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.certificate.moments.DegenerateMomentsException;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged forms of everything certificates keep, with checksums made right again. */
class CertificateFuzzTest {
    private static final int CASES = 20_000;
    private static final long FACTOR = 64;

    private static final FrozenWindow X = window("window-basis-v1.bin");
    private static final FrozenWindow Y = window("window-channels-v1.bin");

    private record Read<T>(byte[] bytes, T value) {}

    private static FrozenWindow window(String name) {
        return FrozenWindow.fromBytes(golden(name));
    }

    private static byte[] golden(String name) {
        try (InputStream in = CertificateFuzzTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read " + name, e);
        }
    }

    private static <T> Fuzz<Read<T>> fuzz(
            String name, Fuzz.Reader<T> reader, java.util.function.Consumer<Read<T>> check) {
        return new Fuzz<>(
                name,
                CertificateFuzzTest.class,
                bytes -> new Read<>(bytes, reader.read(bytes)),
                Set.of(CertificateFormatException.class),
                check,
                FACTOR);
    }

    @Test
    void windows() {
        fuzz(
                        "window",
                        FrozenWindow::fromBytes,
                        read -> assertArrayEquals(read.bytes(), read.value().toBytes()))
                .run(List.of(X.toBytes(), Y.toBytes()), CASES);
    }

    @Test
    void moments() {
        fuzz(
                        "moments",
                        bytes -> InterfaceMoments.fromBytes(bytes, X, Y),
                        read -> {
                            assertArrayEquals(read.bytes(), read.value().toBytes());
                            try {
                                read.value().transport(Part.ALL);
                            } catch (DegenerateMomentsException e) {
                                // says that nothing can be said, which is a result
                            }
                        })
                .repairing(Fuzz::withChecksum)
                .run(List.of(golden("moments-v1.bin")), CASES);
    }

    @Test
    void baselines() {
        fuzz(
                        "baseline",
                        bytes -> InterfaceBaseline.fromBytes(bytes, X, Y),
                        read -> assertArrayEquals(read.bytes(), read.value().toBytes()))
                .run(List.of(golden("baseline-v1.bin")), CASES);
    }

    @Test
    void alertStates() {
        fuzz(
                        "alert-state",
                        AlertState::fromBytes,
                        read -> assertArrayEquals(read.bytes(), read.value().toBytes()))
                .repairing(Fuzz::withChecksum)
                .run(List.of(golden("alerts-v1.bin")), CASES);
    }
}
