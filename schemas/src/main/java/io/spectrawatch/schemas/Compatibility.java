package io.spectrawatch.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Holds the current records against everything a release has written. */
public final class Compatibility {

    private Compatibility() {}

    /** Number of released schemas. */
    public static int released() {
        return SchemaHistory.index().size();
    }

    /**
     * Released schemas whose records this build could not read, each with the reason; and current
     * ones that no release knows, whose records the next release might not read.
     */
    public static List<String> problems() {
        return problems(SchemaHistory.released(), Wire.currentSchemas());
    }

    static List<String> problems(List<Schema> released, List<Schema> current) {
        Map<String, Schema> readers =
                current.stream()
                        .collect(Collectors.toMap(Schema::getFullName, Function.identity()));
        List<String> problems = new ArrayList<>();
        for (Schema writer : released) {
            Schema reader = readers.get(writer.getFullName());
            if (reader == null) {
                problems.add(name(writer) + " has no record any more");
            } else {
                addIncompatibilities(writer, reader, problems);
            }
        }
        List<Long> known = released.stream().map(Wire::fingerprint).toList();
        for (Schema reader : current) {
            if (!known.contains(Wire.fingerprint(reader))) {
                problems.add(name(reader) + " is in no release's history");
            }
        }
        return problems;
    }

    private static void addIncompatibilities(Schema writer, Schema reader, List<String> problems) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
        if (result.getCompatibility() != SchemaCompatibilityType.COMPATIBLE) {
            for (Incompatibility cause : result.getIncompatibilities()) {
                problems.add(
                        name(writer)
                                + " cannot be read at "
                                + cause.getLocation()
                                + ": "
                                + cause.getMessage());
            }
        }
    }

    private static String name(Schema schema) {
        return String.format("%s (%016x)", schema.getName(), Wire.fingerprint(schema));
    }
}
