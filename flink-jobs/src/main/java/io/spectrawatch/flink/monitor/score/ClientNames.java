package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;

/** What clients are called where they are counted and compared. */
final class ClientNames {

    private ClientNames() {}

    /**
     * The client of a sample, told apart by its tenant: tenant/client, each escaped as in record
     * keys, or the client alone where the sample names no tenant; null where it names no client.
     */
    static String ofTenant(Sample sample) {
        if (sample.getClient() == null) {
            return null;
        }
        return sample.getTenant() == null
                ? Topics.key(sample.getClient())
                : Topics.key(sample.getTenant(), sample.getClient());
    }
}
