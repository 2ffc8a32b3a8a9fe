package io.spectrawatch.flink.state;

import io.spectrawatch.schemas.Activate;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Objects;

/**
 * A baseline that a model is judged by from a pane on.
 *
 * @param segment attribute=value, of which alone it speaks; null for what no segment's baseline
 *     judges
 * @param baselineId content address; null: none from then on
 * @param effectiveFrom start of the first pane that uses it, microseconds
 */
public record Activation(
        String model, String version, String segment, String baselineId, long effectiveFrom) {

    /** Least bytes of the binary form: three lengths and a long. */
    public static final int LEAST_BYTES = 3 * Integer.BYTES + Long.BYTES;

    /** Of a whole model, but for what segments' baselines judge. */
    public Activation(String model, String version, String baselineId, long effectiveFrom) {
        this(model, version, null, baselineId, effectiveFrom);
    }

    /** What an ACTIVATE record of the log says. */
    public static Activation of(Activate record) {
        return new Activation(
                record.getModelId(),
                record.getModelVersion(),
                record.getSegment(),
                record.getBaselineId(),
                record.getEffectiveFrom());
    }

    /** Whether it is about this version of this model, or about this segment of it. */
    public boolean concerns(String otherModel, String otherVersion, String otherSegment) {
        return isOf(otherModel, otherVersion) && Objects.equals(segment, otherSegment);
    }

    /** Whether it is about this version of this model, whatever the segment. */
    public boolean isOf(String otherModel, String otherVersion) {
        return model.equals(otherModel) && version.equals(otherVersion);
    }

    /** From a later moment on at the earliest. */
    public Activation notBefore(long moment) {
        return new Activation(model, version, segment, baselineId, Math.max(effectiveFrom, moment));
    }

    /** Writes the fields, the segment before them behind an absent text, as a model's key does. */
    public void write(ByteWriter out) {
        if (segment != null) {
            out.text(null).text(segment);
        }
        out.text(model).text(version).text(baselineId).int64(effectiveFrom);
    }

    /** Reads what {@link #write} wrote. */
    public static Activation read(ByteReader in) {
        String model = in.optionalText();
        String segment = model == null ? in.requiredText() : null;
        return new Activation(
                model == null ? in.requiredText() : model,
                in.requiredText(),
                segment,
                in.optionalText(),
                in.int64());
    }
}
