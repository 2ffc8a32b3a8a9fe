package io.spectrawatch.flink.baseline;

import io.spectrawatch.schemas.Activate;

/**
 * A record of the activation topic.
 *
 * @param offset its place among the requests
 * @param writtenAt when it was written, milliseconds since the epoch
 * @param activate what was asked for
 */
public record ActivationRequest(long offset, long writtenAt, Activate activate) {

    boolean concerns(String model, String version) {
        return activate.getModelId().equals(model) && activate.getModelVersion().equals(version);
    }
}
