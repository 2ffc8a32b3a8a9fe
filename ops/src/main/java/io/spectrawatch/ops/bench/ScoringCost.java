package io.spectrawatch.ops.bench;

/**
 * What scoring cost beside sketching.
 *
 * @param rowsPerSecond rows scored as the monitor does it
 * @param cost its time per row over that of sketching the row in all layers
 * @param bareCost the same without the shadow of the gain profile and the comparison of requests
 * @param pairShare share of the requests compared with an earlier one of their client
 */
record ScoringCost(double rowsPerSecond, double cost, double bareCost, double pairShare) {}
