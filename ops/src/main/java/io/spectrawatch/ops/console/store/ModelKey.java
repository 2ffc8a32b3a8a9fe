package io.spectrawatch.ops.console.store;

import java.util.Comparator;

/**
 * What is watched as one.
 *
 * @param model model
 * @param version its version
 * @param segment attribute=value; null for what no segment's baseline judges
 */
public record ModelKey(String model, String version, String segment)
        implements Comparable<ModelKey> {

    private static final Comparator<ModelKey> ORDER =
            Comparator.comparing(ModelKey::model)
                    .thenComparing(ModelKey::version)
                    .thenComparing(
                            ModelKey::segment, Comparator.nullsFirst(Comparator.naturalOrder()));

    @Override
    public int compareTo(ModelKey other) {
        return ORDER.compare(this, other);
    }
}
