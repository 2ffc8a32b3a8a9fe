package io.spectrawatch.flink.calibrate.config;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;

/**
 * Values of layers, from entries {@code layer:value}; a layer is a name, or {@code *} and an
 * ending. A name counts before endings, an ending before those that follow it in the order of text.
 */
public final class LayerPatterns<T extends Serializable> implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String ANY = "*";

    private final TreeMap<String, T> values = new TreeMap<>();

    /**
     * Reads the entries of a setting.
     *
     * @param key the setting
     * @param expected what an entry looks like, for the error
     * @param value reads the part after the last colon; any IllegalArgumentException means that it
     *     is none
     * @param join of two values of the same layer
     * @throws ConfigException if an entry is none
     */
    static <T extends Serializable> LayerPatterns<T> parse(
            String key,
            List<String> entries,
            String expected,
            Function<String, T> value,
            BinaryOperator<T> join) {
        LayerPatterns<T> patterns = new LayerPatterns<>();
        for (String entry : entries) {
            int colon = entry.lastIndexOf(':');
            try {
                if (colon < 1) {
                    throw new IllegalArgumentException("no layer");
                }
                T read = value.apply(entry.substring(colon + 1).trim());
                patterns.values.merge(entry.substring(0, colon).trim(), read, join);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        key, entries, "expected " + expected + ", separated by commas");
            }
        }
        return patterns;
    }

    /** The value of a layer, or null if no pattern names it. */
    public T of(String layer) {
        T own = values.get(layer);
        for (var pattern : values.entrySet()) {
            if (own == null && matches(pattern.getKey(), layer)) {
                own = pattern.getValue();
            }
        }
        return own;
    }

    /** The patterns that name none of some layers. */
    public List<String> without(List<String> layers) {
        return values.keySet().stream()
                .filter(pattern -> layers.stream().noneMatch(layer -> names(pattern, layer)))
                .toList();
    }

    private static boolean names(String pattern, String layer) {
        return pattern.equals(layer) || matches(pattern, layer);
    }

    private static boolean matches(String pattern, String layer) {
        return pattern.startsWith(ANY) && layer.endsWith(pattern.substring(ANY.length()));
    }
}
