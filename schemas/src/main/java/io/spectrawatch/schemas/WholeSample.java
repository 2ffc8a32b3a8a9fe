package io.spectrawatch.schemas;

/** Makes samples that are whole in their snapshot, as most are. */
public final class WholeSample {

    private WholeSample() {}

    /**
     * A sample of which all rows are in one snapshot, and of which no more is known.
     *
     * @param client who asked, null if unknown
     * @param tenant on whose behalf, null if unknown
     * @param samplingWeight inverse of the probability with which capture kept it
     */
    public static Sample of(String id, String client, String tenant, double samplingWeight) {
        return Sample.newBuilder()
                .setId(id)
                .setClient(client)
                .setTenant(tenant)
                .setSamplingWeight(samplingWeight)
                .build();
    }
}
