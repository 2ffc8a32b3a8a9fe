package io.spectrawatch.ops.console.store;

import java.util.Comparator;

/**
 * What is watched as one.
 *
 * @param model model
 * @param version its version
 * @param segment attribute=value; null for what no segment's baseline judges
 */
public record WatchedModel(String model, String version, String segment)
        implements Comparable<WatchedModel> {

    private static final Comparator<WatchedModel> ORDER =
            Comparator.comparing(WatchedModel::model)
                    .thenComparing(WatchedModel::version)
                    .thenComparing(
                            WatchedModel::segment,
                            Comparator.nullsFirst(Comparator.naturalOrder()));

    @Override
    public int compareTo(WatchedModel other) {
        return ORDER.compare(this, other);
    }
}
