package io.spectrawatch.ingest.model;

import io.spectrawatch.schemas.ModelIdentity;
import java.util.List;

/**
 * What every model version is, on all shards: what the first claim in one common log says.
 *
 * <p>Used by all stream threads of an instance.
 */
public interface ModelRegister {

    /**
     * What is known of a version at this moment, without asking anyone; null if nothing is.
     *
     * @param key model/version
     */
    KnownModel find(String key);

    /** Takes in what other instances have claimed, as far as it has arrived; does not wait. */
    void refresh();

    /**
     * Appends claims to the log and waits until they are read back, so that every claim that is
     * ahead of them has been seen.
     *
     * @return for each claim what its version is, whether or not that is what was claimed
     * @throws IngestException if the log does not answer
     */
    List<KnownModel> claim(List<ModelIdentity> claims);
}
