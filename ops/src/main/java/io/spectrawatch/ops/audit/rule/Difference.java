package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * One place where two records of the same type differ.
 *
 * @param field path, for example {@code manifest.shards[2].chain}
 * @param recorded value as text
 * @param recomputed value as text
 * @param distance of two numbers, NaN where they are none
 */
public record Difference(String field, String recorded, String recomputed, double distance) {

    private static final int LONGEST = 160;

    boolean numeric() {
        return !Double.isNaN(distance);
    }

    /** The recorded number, where it is one. */
    double then() {
        return Double.parseDouble(recorded);
    }

    /** The recomputed number, where it is one. */
    double now() {
        return Double.parseDouble(recomputed);
    }

    public boolean under(String prefix) {
        return field.equals(prefix)
                || field.startsWith(prefix + '.')
                || field.startsWith(prefix + '[');
    }

    /** All differences, in the order of the fields. */
    public static List<Difference> between(IndexedRecord recorded, IndexedRecord recomputed) {
        List<Difference> found = new ArrayList<>();
        walk("", recorded, recomputed, found);
        return found;
    }

    private static void walk(String path, Object a, Object b, List<Difference> found) {
        if (a instanceof IndexedRecord x && b instanceof IndexedRecord y) {
            for (Schema.Field field : x.getSchema().getFields()) {
                String name = path.isEmpty() ? field.name() : path + '.' + field.name();
                walk(name, x.get(field.pos()), y.get(field.pos()), found);
            }
        } else if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
            for (int i = 0; i < x.size(); i++) {
                walk(path + '[' + i + ']', x.get(i), y.get(i), found);
            }
        } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            TreeSet<String> keys = new TreeSet<>();
            x.keySet().forEach(key -> keys.add(key.toString()));
            y.keySet().forEach(key -> keys.add(key.toString()));
            keys.forEach(key -> walk(path + '.' + key, x.get(key), y.get(key), found));
        } else if (!Objects.equals(a, b)) {
            found.add(new Difference(path, text(a), text(b), distance(a, b)));
        }
    }

    private static double distance(Object a, Object b) {
        boolean real = a instanceof Double && b instanceof Double;
        return real ? Math.abs((Double) a - (Double) b) : Double.NaN;
    }

    private static String text(Object value) {
        String text = value instanceof ByteBuffer bytes ? Bytes.hex(bytes) : String.valueOf(value);
        return text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    }
}
