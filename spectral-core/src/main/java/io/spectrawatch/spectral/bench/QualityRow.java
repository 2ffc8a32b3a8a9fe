package io.spectrawatch.spectral.bench;

/**
 * One method on one stream; a row of quality.tsv.
 *
 * @param stream name of the stream
 * @param method alpha-FD with its alpha, exact, stacked-svd or row-buffered-fd
 * @param sketchRows l
 * @param covarianceError |A^T A - B^T B|_2 / F
 * @param certifiedError (Delta + e_fp) / F, NaN for methods without a certificate
 * @param eigenvalueError largest relative error of the leading l / 4 eigenvalues
 * @param entropyWidth width of the certified entropy interval in nats, NaN without a certificate
 * @param bytesPerColumn sketch and block of rows together, NaN for the peers
 * @param rank what is known about the effective rank, null without a certificate
 */
public record QualityRow(
        String stream,
        String method,
        int sketchRows,
        double covarianceError,
        double certifiedError,
        double eigenvalueError,
        double entropyWidth,
        double bytesPerColumn,
        Rank rank) {

    /**
     * Bounds of the effective rank.
     *
     * @param boxed certain lower end from the ledger's delta alone
     * @param lower certain lower end from the losses by rank as well
     * @param lower95 lower end with 95 % confidence over the probes
     * @param upper certain upper end
     * @param upper95 upper end of the interval that begins with lower95
     */
    public record Rank(double boxed, double lower, double lower95, double upper, double upper95) {}
}
