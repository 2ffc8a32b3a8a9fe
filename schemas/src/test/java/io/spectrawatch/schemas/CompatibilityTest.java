package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class CompatibilityTest {

    private static final Schema RELEASED =
            SchemaBuilder.record("R").fields().requiredLong("a").endRecord();

    @Test
    void thisBuildReadsWhatReleasesWrote() {
        assertEquals(List.of(), Compatibility.problems());
        assertTrue(Compatibility.released() > 0);
    }

    @Test
    void aChangeThatCannotReadIsNamed() {
        Schema changed = SchemaBuilder.record("R").fields().requiredString("a").endRecord();
        List<String> problems = Compatibility.problems(List.of(RELEASED), List.of(changed));
        assertEquals(2, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains("cannot be read at /fields/0/type"), problems.get(0));
        assertTrue(problems.get(1).endsWith("is in no release's history"), problems.get(1));
        assertEquals(List.of(), Compatibility.problems(List.of(RELEASED), List.of(RELEASED)));
    }
}
