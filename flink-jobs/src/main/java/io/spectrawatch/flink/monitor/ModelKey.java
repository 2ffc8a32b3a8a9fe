package io.spectrawatch.flink.monitor;

import java.util.Comparator;

/**
 * The weights that produced a snapshot.
 *
 * <p>The digest belongs to the identity: rows of different weights never enter one sketch, even
 * when a version was reused.
 */
record ModelKey(String model, String version, String digest) implements Comparable<ModelKey> {

    private static final Comparator<ModelKey> ORDER =
            Comparator.comparing(ModelKey::model)
                    .thenComparing(ModelKey::version)
                    .thenComparing(ModelKey::digest);

    BinaryWriter write(BinaryWriter out) {
        return out.text(model).text(version).text(digest);
    }

    static ModelKey read(BinaryReader in) {
        return new ModelKey(in.required(), in.required(), in.required());
    }

    @Override
    public int compareTo(ModelKey other) {
        return ORDER.compare(this, other);
    }
}
