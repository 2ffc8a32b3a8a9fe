package io.spectrawatch.flink.state;

import io.spectrawatch.schemas.Activate;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * A baseline that a model is judged by from a pane on.
 *
 * @param baselineId content address; null: none from then on
 * @param effectiveFrom start of the first pane that uses it, microseconds
 */
public record Activation(String model, String version, String baselineId, long effectiveFrom) {

    /** Least bytes of the binary form: three lengths and a long. */
    public static final int LEAST_BYTES = 3 * Integer.BYTES + Long.BYTES;

    /** What an ACTIVATE record of the log says. */
    public static Activation of(Activate record) {
        return new Activation(
                record.getModelId(),
                record.getModelVersion(),
                record.getBaselineId(),
                record.getEffectiveFrom());
    }

    /** Whether it is about this version of this model. */
    public boolean concerns(String otherModel, String otherVersion) {
        return model.equals(otherModel) && version.equals(otherVersion);
    }

    /** Writes the fields. */
    public void write(ByteWriter out) {
        out.text(model).text(version).text(baselineId).int64(effectiveFrom);
    }

    /** Reads what {@link #write} wrote. */
    public static Activation read(ByteReader in) {
        return new Activation(in.requiredText(), in.requiredText(), in.optionalText(), in.int64());
    }
}
