package io.spectrawatch.schemas;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** Looks for numbers in a record that are none: NaN and the infinities. */
final class Finite {

    private Finite() {}

    /**
     * Path and value of the first such number, for example {@code ledger.energy is NaN}; or null.
     */
    static String violation(IndexedRecord record) {
        for (Schema.Field field : record.getSchema().getFields()) {
            String found = violation(record.get(field.pos()));
            if (found != null) {
                return field.name() + found;
            }
        }
        return null;
    }

    private static String violation(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? null : " is " + number;
        }
        if (value instanceof IndexedRecord record) {
            String found = violation(record);
            return found == null ? null : "." + found;
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String found = violation(list.get(i));
                if (found != null) {
                    return "[" + i + "]" + found;
                }
            }
        }
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String found = violation(entry.getValue());
                if (found != null) {
                    return "." + entry.getKey() + found;
                }
            }
        }
        return null;
    }
}
