package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.Activate;
import java.util.Objects;

/**
 * A record of the activation topic.
 *
 * @param offset its place among the requests
 * @param writtenAt when it was written, milliseconds since the epoch
 * @param activate what was asked for
 */
public record ActivationRequest(long offset, long writtenAt, Activate activate) {

    /** Whether it is about this segment of a model, or about the model where it is null. */
    boolean concerns(String model, String version, String segment) {
        return activate.getModelId().equals(model)
                && activate.getModelVersion().equals(version)
                && Objects.equals(activate.getSegment(), segment);
    }
}
