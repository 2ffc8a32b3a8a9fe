package io.spectrawatch.ops.bench;

/**
 * One method on one stream; a row of quality.tsv.
 *
 * @param stream name of the stream
 * @param method alpha-FD with its alpha, larger blocks, equal bytes, more bytes, exact, stacked-svd
 *     or row-buffered-fd
 * @param sketchRows l
 * @param blockRows rows per update
 * @param probes Gaussian probes beside the sketch
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
        int blockRows,
        int probes,
        double covarianceError,
        double certifiedError,
        double eigenvalueError,
        double entropyWidth,
        double bytesPerColumn,
        Rank rank) {

    /**
     * Returns whether this is one of the sketches that spend given bytes in different ways, merged
     * from four shards; all others are of one stream.
     */
    public boolean isOfSplit() {
        return method.equals(QualityMeasurement.EQUAL_BYTES)
                || method.equals(QualityMeasurement.MORE_BYTES);
    }

    /**
     * Bounds of the effective rank. Widths are compared with that of the usual sketch of 64 rows
     * and blocks of 64 without probes, by the ledger's delta alone.
     *
     * @param truth of all rows
     * @param boxed certain lower end from the ledger's delta alone
     * @param lower certain lower end from the losses by rank as well
     * @param lower95 lower end with 95 % confidence over the probes
     * @param upper certain upper end
     * @param upper95 upper end of the interval that begins with lower95
     * @param widthRatio width of the certain interval over that width
     * @param widthRatio95 width of the interval that begins with lower95 over that width
     */
    public record Rank(
            double truth,
            double boxed,
            double lower,
            double lower95,
            double upper,
            double upper95,
            double widthRatio,
            double widthRatio95) {}
}
