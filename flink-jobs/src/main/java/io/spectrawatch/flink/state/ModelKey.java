package io.spectrawatch.flink.state;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.io.Serializable;
import java.util.Comparator;

/**
 * The weights that produced a snapshot, and which of its samples are meant.
 *
 * <p>The digest belongs to the identity: rows of different weights never enter one sketch, even
 * when a version was reused. So does the segment: its samples are sketched and judged as if they
 * were another model's.
 *
 * <pre>
 *   text x 3  model, version, digest
 *
 * with a segment
 *   int32     -1, the length of a text that is absent: no model lacks its name
 *   text x 4  segment, model, version, digest
 * </pre>
 *
 * @param segment attribute=value; null for the samples that no segment's baseline judges
 */
public record ModelKey(String model, String version, String digest, String segment)
        implements Comparable<ModelKey>, Serializable {

    private static final long serialVersionUID = 1L;

    private static final Comparator<ModelKey> ORDER =
            Comparator.comparing(ModelKey::model)
                    .thenComparing(ModelKey::version)
                    .thenComparing(ModelKey::digest)
                    .thenComparing(
                            ModelKey::segment, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** All of a model that is in no segment. */
    public ModelKey(String model, String version, String digest) {
        this(model, version, digest, null);
    }

    /** What a snapshot is of, in no segment. */
    public static ModelKey of(ActivationSnapshot snapshot) {
        return new ModelKey(
                snapshot.getModelId(), snapshot.getModelVersion(), snapshot.getModelDigest());
    }

    /** A segment of the same weights. */
    public ModelKey in(String ofSegment) {
        return new ModelKey(model, version, digest, ofSegment);
    }

    /** Whether it is of this version of this model, whatever the digest and the segment. */
    public boolean isOf(String otherModel, String otherVersion) {
        return model.equals(otherModel) && version.equals(otherVersion);
    }

    /**
     * Key of records about it or a part of it, {@code model/version} or {@code model/version/part},
     * with its segment.
     */
    public String topicKey(String... part) {
        String[] parts = new String[2 + part.length];
        parts[0] = model;
        parts[1] = version;
        System.arraycopy(part, 0, parts, 2, part.length);
        return Topics.inSegment(Topics.key(parts), segment);
    }

    /** What names of state call it: model/version/digest, with its segment in the last part. */
    public String stateKey() {
        return Topics.inSegment(Topics.key(model, version, digest), segment);
    }

    /** Writes the texts. */
    public ByteWriter write(ByteWriter out) {
        if (segment != null) {
            out.text(null).text(segment);
        }
        return out.text(model).text(version).text(digest);
    }

    /** Reads what {@link #write} wrote. */
    public static ModelKey read(ByteReader in) {
        String model = in.optionalText();
        String segment = model == null ? in.requiredText() : null;
        return new ModelKey(
                model == null ? in.requiredText() : model,
                in.requiredText(),
                in.requiredText(),
                segment);
    }

    /** For people: model, version, and the segment where there is one. */
    public String describe() {
        return model + " version " + version + (segment == null ? "" : ", segment " + segment);
    }

    @Override
    public int compareTo(ModelKey other) {
        return ORDER.compare(this, other);
    }
}
