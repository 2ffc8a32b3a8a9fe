package io.spectrawatch.ops.audit;

import io.spectrawatch.ops.audit.record.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/**
 * One field of a record changed by a large amount. Fields are found in the schema, so one that is
 * added later is forged too.
 *
 * @param field its path, as in a difference
 * @param steps how to get there: a place in a record or a list, or the key of a map
 */
record Forgery(String field, List<Object> steps) {

    private static final double REAL = 1e9;
    private static final int WHOLE = 1_000_003;

    /** A path without the places in lists. */
    String name() {
        return field.replaceAll("\\[\\d+]", "");
    }

    /** Every field of a record that can be forged. */
    static List<Forgery> of(SpecificRecord record) {
        List<Forgery> all = new ArrayList<>();
        walk("", List.of(), record.getSchema(), record, all);
        return all;
    }

    private static void walk(
            String path, List<Object> steps, Schema schema, Object value, List<Forgery> all) {
        if (value instanceof IndexedRecord record) {
            for (Schema.Field field : record.getSchema().getFields()) {
                String name = path.isEmpty() ? field.name() : path + '.' + field.name();
                walk(name, plus(steps, field.pos()), field.schema(), record.get(field.pos()), all);
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                walk(path + '[' + i + ']', plus(steps, i), schema, list.get(i), all);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : new TreeMap<>(map).entrySet()) {
                String name = path + '.' + each.getKey();
                walk(name, plus(steps, each.getKey()), schema, each.getValue(), all);
            }
        } else if (value != null || takesNumber(schema)) {
            all.add(new Forgery(path, steps));
        }
    }

    private static boolean takesNumber(Schema schema) {
        return schema.getType() == Schema.Type.UNION
                && schema.getTypes().stream()
                        .anyMatch(each -> each.getType() == Schema.Type.DOUBLE);
    }

    private static List<Object> plus(List<Object> steps, Object next) {
        List<Object> all = new ArrayList<>(steps);
        all.add(next);
        return all;
    }

    /** A copy of a record with this field forged. */
    SpecificRecord apply(SpecificRecord record) {
        SpecificRecord copy = Runs.copy(record);
        apply(copy, 0);
        return copy;
    }

    @SuppressWarnings("unchecked") // Lists and maps of a decoded record take what they hold.
    private void apply(Object container, int step) {
        Object place = steps.get(step);
        boolean last = step == steps.size() - 1;
        if (container instanceof IndexedRecord record) {
            int at = (Integer) place;
            if (last) {
                record.put(at, forged(record.get(at)));
            } else {
                apply(record.get(at), step + 1);
            }
        } else if (container instanceof List<?> list) {
            int at = (Integer) place;
            if (last) {
                ((List<Object>) list).set(at, forged(list.get(at)));
            } else {
                apply(list.get(at), step + 1);
            }
        } else {
            Map<Object, Object> map = (Map<Object, Object>) container;
            map.put(place, forged(map.get(place)));
        }
    }

    private static Object forged(Object value) {
        if (value == null) {
            return REAL;
        }
        if (value instanceof Double real) {
            return real + REAL;
        }
        if (value instanceof Integer whole) {
            return whole + WHOLE;
        }
        if (value instanceof Long whole) {
            return whole + WHOLE;
        }
        if (value instanceof Boolean yes) {
            return !yes;
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] changed = Bytes.of(bytes);
            if (changed.length == 0) {
                return ByteBuffer.wrap(new byte[] {1});
            }
            changed[changed.length - 1] ^= 0x40;
            return ByteBuffer.wrap(changed);
        }
        if (value instanceof Enum<?> constant) {
            Object[] all = constant.getDeclaringClass().getEnumConstants();
            return all[(constant.ordinal() + 1) % all.length];
        }
        String text = value.toString();
        try {
            return Double.toString(Double.parseDouble(text) + REAL);
        } catch (NumberFormatException e) {
            return text + "x";
        }
    }
}
