package io.spectrawatch.ops.bench.capture;

import java.util.List;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param requests of every variant
 * @param bare the model alone
 * @param tapped the same with the tap, for each share of the requests
 */
public record CaptureReport(int requests, Variant bare, List<Variant> tapped) {

    /**
     * One way to serve.
     *
     * @param share of the requests that are captured; 0 without the tap
     * @param requestsPerSecond one request after the other
     * @param p50Millis time of a request that half of them do not exceed
     * @param p99Millis the same for 99 in 100
     * @param throughputLoss share of the bare model's requests per second that is lost
     * @param p99Gain how much longer than the bare model's p99, as a share of it
     * @param dropped snapshots that the publisher had no room for
     */
    public record Variant(
            double share,
            double requestsPerSecond,
            double p50Millis,
            double p99Millis,
            double throughputLoss,
            double p99Gain,
            long dropped) {}
}
