package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {

    static Stream<Schema> currentSchemas() {
        return Wire.currentSchemas().stream();
    }

    @ParameterizedTest
    @MethodSource("currentSchemas")
    void everyReleasedVersionReadsAndIsReadByTheCurrentOne(Schema current) {
        List<Schema> released = releasedAs(current);
        assertFalse(released.isEmpty(), current.getName() + " was never released");
        assertDoesNotThrow(
                () ->
                        new SchemaValidatorBuilder()
                                .mutualReadStrategy()
                                .validateAll()
                                .validate(current, released));
    }

    @ParameterizedTest
    @MethodSource("currentSchemas")
    void theNewestReleasedVersionIsTheCurrentOne(Schema current) {
        List<Schema> released = releasedAs(current);
        assertEquals(
                Wire.fingerprint(current),
                Wire.fingerprint(released.get(released.size() - 1)),
                current.getName()
                        + " changed: add its new form to history/ and history/index.txt, and a"
                        + " golden file");
    }

    @Test
    void noTwoFormatsShareAFingerprint() {
        List<Schema> released = SchemaHistory.released();
        assertEquals(released.size(), released.stream().map(Wire::fingerprint).distinct().count());
    }

    private static List<Schema> releasedAs(Schema current) {
        return SchemaHistory.released().stream()
                .filter(schema -> schema.getFullName().equals(current.getFullName()))
                .toList();
    }
}
