package io.spectrawatch.flink.state;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.io.Serializable;
import java.util.Comparator;

/**
 * The weights that produced a snapshot.
 *
 * <p>The digest belongs to the identity: rows of different weights never enter one sketch, even
 * when a version was reused.
 */
public record ModelKey(String model, String version, String digest)
        implements Comparable<ModelKey>, Serializable {

    private static final long serialVersionUID = 1L;

    private static final Comparator<ModelKey> ORDER =
            Comparator.comparing(ModelKey::model)
                    .thenComparing(ModelKey::version)
                    .thenComparing(ModelKey::digest);

    /** Writes the three texts. */
    public ByteWriter write(ByteWriter out) {
        return out.text(model).text(version).text(digest);
    }

    /** Reads what {@link #write} wrote. */
    public static ModelKey read(ByteReader in) {
        return new ModelKey(in.requiredText(), in.requiredText(), in.requiredText());
    }

    @Override
    public int compareTo(ModelKey other) {
        return ORDER.compare(this, other);
    }
}
