package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.spectrawatch.flink.log.FormContract.Form;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged messages between the operators of a calibration. */
class CalibrationFuzzTest {

    private static final int CASES = 10_000;
    private static final long FACTOR = 128;

    private record Rewritten(byte[] before, byte[] after) {}

    static List<Form> forms() {
        return CalibrationGoldenTest.forms().toList();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void damagedMessagesAreRefusedOrConsistent(Form form) {
        new Fuzz<>(
                        form.name(),
                        CalibrationFuzzTest.class,
                        bytes -> new Rewritten(bytes, form.rewrite().apply(bytes)),
                        Set.of(IllegalStateException.class),
                        read -> assertArrayEquals(read.before(), read.after()),
                        FACTOR)
                .run(List.of(form.bytes()), CASES);
    }
}
